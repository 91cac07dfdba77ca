package agent

import "github.com/patchcord/patchcord/realtime"

// translate queues what a message means.
func (a *realtimeAgent) translate(ev realtime.Event) {
	if a.calls.quiet { // nothing follows its tools
		a.calls.quiet = false
		a.emit(TurnEnd{})
	}
	switch ev := ev.(type) {
	case *realtime.AudioDelta:
		a.hear(ev)
	case realtime.AudioDone:
		if p := a.part(ev.Place); p != nil {
			a.endPart(p)
		}
	case realtime.AudioTranscriptDelta:
		a.speak(ev.Place, ev.Delta, false)
	case realtime.AudioTranscriptDone:
		a.speak(ev.Place, ev.Transcript, true)
	case realtime.TextDone:
		a.wrote(ev)
	case realtime.ResponseCreated:
		a.begin(ev.Response)
	case realtime.ResponseDone:
		a.done(ev.Response)
	case realtime.OutputItemDone:
		if r := a.answers.running[ev.ResponseID]; r != nil {
			a.callTool(r, ev.Item)
		}
	case realtime.RateLimitsUpdated:
		a.limits(ev.RateLimits)
	case *realtime.Error:
		a.fault(ev)
	case realtime.ItemAdded:
		a.slot.seen(ev.Item.ID)
	case realtime.ItemDone:
		a.slot.seen(ev.Item.ID)
	case realtime.ItemCreated:
		a.slot.seen(ev.Item.ID)
	case realtime.Malformed:
		a.emit(Ignored{Broken: true})
	case realtime.TooLarge:
		a.tooLarge(ev)
	case realtime.Unknown:
		a.emit(Ignored{Type: ev.Type})
	default:
		a.translateCaller(ev)
	}
}

// translateCaller does so with what the server tells of the caller.
func (a *realtimeAgent) translateCaller(ev realtime.Event) {
	switch ev := ev.(type) {
	case realtime.SpeechStarted:
		a.tellTexts() // how far the agent was heard depends on its words so far
		a.greets = false
		a.slot.callerSpeaks()
		a.emit(CallerSpeaks{})
	case realtime.SpeechStopped:
		a.callerStopped()
		a.emit(CallerStopped{})
	case realtime.AudioCommitted:
		a.callerStopped()
		a.committed(ev.ItemID)
	case realtime.TranscriptionDelta:
		a.words(ev.ItemID, ev.Delta, true)
	case realtime.TranscriptionUpdated:
		a.words(ev.ItemID, ev.Transcript, false)
	case realtime.TranscriptionCompleted:
		if u := ev.Usage; u != nil {
			a.chargeFor(a.transcriber, u.Usage, u.Seconds)
		}
		a.transcribed(ev.ItemID, ev.Transcript, false)
	case realtime.TranscriptionFailed:
		a.transcribed(ev.ItemID, "", true)
	default: // known, and of no consequence for a call
	}
}

// limits keeps when the limit ends that is nearest.
func (a *realtimeAgent) limits(all []realtime.RateLimit) {
	a.reset = 0
	for _, l := range all {
		if l.Remaining <= 0 {
			a.reset = max(a.reset, l.ResetSeconds)
		}
	}
}

// wrote takes an answer that is text, though sound is wanted: some models fall into writing
// when the conversation was rebuilt from texts. It is spoken as it is.
func (a *realtimeAgent) wrote(ev realtime.TextDone) {
	if r := a.of(ev.ResponseID); r != nil && !r.apart && ev.Text != "" {
		_ = a.say(&saying{text: ev.Text, own: true})
	}
}

// tooLarge takes a message that was skipped. The end of an answer is its end all the same:
// else no other could begin.
func (a *realtimeAgent) tooLarge(ev realtime.TooLarge) {
	a.emit(Over{a.budgets.most(ev.Max)})
	if r := a.slot.active; r != nil && ev.Type == realtime.TypeOf(realtime.ResponseDone{}) {
		a.done(realtime.Response{ID: r.id})
	}
}
