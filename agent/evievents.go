package agent

import (
	"slices"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/media"
)

// translate queues what a message means.
func (a *eviAgent) translate(ev evi.Event) {
	switch ev := ev.(type) {
	case *evi.AudioOutput:
		a.audio(ev)
	case evi.AssistantMessage:
		a.said(ev)
	case evi.AssistantProsody:
		a.emit(AgentFelt{ev.ID, ev.Prosody})
	case evi.AssistantEnd:
		a.endTurn()
	case evi.UserInterruption:
		a.emit(Interrupted{})
	case evi.UserMessage:
		a.emit(CallerSaid{Text: ev.Message.Content, Interim: ev.Interim, Typed: ev.FromText, Emotions: ev.Prosody})
	case evi.ToolCall:
		if ev.ToolType != evi.ToolBuiltin { // EVI runs those itself
			a.emit(ToolCall{string(ev.ID), ev.Name, ev.Parameters, ev.ResponseRequired})
		}
	case *evi.Error:
		a.emit(Failed{string(ev.Code), ev.Slug, ev.Message})
	case evi.Malformed:
		a.emit(Ignored{Broken: true})
	case evi.TooLarge:
		a.emit(Over{a.budgets.most(ev.Max)})
	case evi.Unknown:
		a.emit(Ignored{Type: ev.Type})
	case evi.ChatMetadata, evi.SettingsEcho, evi.ToolResponseEvent, evi.ToolErrorEvent:
		// Known, and of no consequence for a call.
	}
}

func (a *eviAgent) emit(ev Event) { a.queue = append(a.queue, ev) }

// said passes on the text of a segment, with what came of it before.
func (a *eviAgent) said(ev evi.AssistantMessage) {
	text := ev.Message.Content
	switch before := a.texts[ev.ID]; {
	case text == "" || len(before) > a.budgets.Message: // nothing is added to what is over the budget
		text = before
	case before != "":
		text = before + " " + text
	}
	if a.texts == nil || len(a.texts) > segmentsMax {
		a.texts = map[string]string{}
	}
	a.texts[ev.ID] = text
	a.asked = a.asked || ev.FromText
	a.emit(AgentSaid{Segment: ev.ID, Text: text, Asked: ev.FromText, Emotions: ev.Prosody})
}

// segmentsMax bounds the texts of one reply that are kept, a sentence each.
const segmentsMax = 256

// endTurn ends a reply. What EVI is asked to say by an assistant_input it speaks as it is.
func (a *eviAgent) endTurn() {
	a.leaveSegment()
	a.endSegments(0)
	if a.asked {
		a.emit(Spoken{Exact: true})
	}
	a.asked = false
	clear(a.texts)
	a.emit(TurnEnd{})
}

// eviSound turns chunks of 48 kHz WAV into the telephone's sound.
type eviSound struct {
	down    media.Downlink
	segment string   // whose chunk came last
	open    []string // segments of which more may come, oldest first
}

// audio converts a chunk. The filter's state lives on from chunk to chunk; a segment begins
// with a filter at rest. A chunk of a segment that was cut does not disturb the one under way.
//
// EVI marks the end of a turn, not of a segment, and chunks of two may arrive interleaved:
// one is over when the next but one begins.
func (a *eviAgent) audio(out *evi.AudioOutput) {
	s := &a.sound
	if out.ID != s.segment {
		if a.isCut(out.ID) {
			return
		}
		a.leaveSegment()
		if s.segment = out.ID; !slices.Contains(s.open, out.ID) {
			s.open = append(s.open, out.ID)
			a.endSegments(2)
		}
	}
	ulaw, err := s.down.Append(nil, out.Data)
	if err != nil {
		a.emit(Ignored{Type: "audio_output", Broken: true})
		return
	}
	if len(ulaw) > 0 {
		a.emit(Audio{s.segment, ulaw})
	}
}

// leaveSegment brings the filter's tail out behind the last chunk.
func (a *eviAgent) leaveSegment() {
	s := &a.sound
	if tail := s.down.Flush(nil); len(tail) > 0 && s.segment != "" {
		a.emit(Audio{s.segment, tail})
	}
	s.segment = ""
}

// endSegments ends all segments but the newest few.
func (a *eviAgent) endSegments(but int) {
	s := &a.sound
	for ; len(s.open) > but; s.open = s.open[1:] {
		a.emit(SegmentEnd{s.open[0]})
	}
}
