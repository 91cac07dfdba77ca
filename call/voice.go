package call

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
)

// Voice is one of the voices that may take an agent's calls.
type Voice struct {
	Name   string // in the configuration: evi, realtime or desk
	Dialer agent.Dialer
	// Builtins are the built-in tools that this voice has in place of the agent's
	// tools, as far as the agent's configuration has what they need. Nil: the agent's.
	Builtins []string

	health health
}

// NewVoice makes a voice that is thought well.
func NewVoice(name string, d agent.Dialer) *Voice { return &Voice{Name: name, Dialer: d} }

// Health tells how many handshakes with the voice failed in a row, and whether it is asked
// last for now.
func (v *Voice) Health() (failures int, last bool) { return v.health.read(time.Now()) }

// A voice that failed so many handshakes in a row is asked last for so long.
const (
	failuresMax = 3
	askedLast   = 30 * time.Second
)

// health is a breaker. All calls of an instance share it.
type health struct {
	mu       sync.Mutex
	failures int       // in a row
	until    time.Time // when it is asked in its turn again
}

func (h *health) succeeded() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.until = 0, time.Time{}
}

func (h *health) failed(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failures++; h.failures >= failuresMax {
		h.until = now.Add(askedLast)
	}
}

func (h *health) read(now time.Time) (failures int, last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failures, now.Before(h.until)
}

// inTurn puts the voices into the order in which they are asked: as configured, those that
// fail at present at the end.
func inTurn(all []*Voice, now time.Time) []*Voice {
	var list, poor []*Voice
	for _, v := range all {
		if _, last := v.health.read(now); last {
			poor = append(poor, v)
		} else {
			list = append(list, v)
		}
	}
	return append(list, poor...)
}

// lastVoice names the voice that spoke last in a call, or took it; empty if none has.
func lastVoice(head calllog.Call) string {
	switch {
	case len(head.Voices) > 0:
		return head.Voices[len(head.Voices)-1]
	case len(head.ChatIDs) > 0:
		return head.Voice
	}
	return ""
}

// as is the profile as one of its voices has it.
func (p *Profile) as(v *Voice) *Profile {
	if v == nil || v.Builtins == nil {
		return p
	}
	own := *p
	own.Builtins, own.Tools = v.Builtins, tools.Set{}
	return &own
}

// acting is the profile as the voice at hand has it.
func (s *stream) acting() *Profile { return s.link.profile.as(s.link.voice) }

// voice names the first voice, which takes the calls as long as it answers.
func (p *Profile) voice() string {
	if len(p.Voices) == 0 {
		return ""
	}
	return p.Voices[0].Name
}

// VoiceState is how a voice of an agent does.
type VoiceState struct {
	Agent    string `json:"agent"`
	Voice    string `json:"voice"`
	Failures int    `json:"failures"`   // handshakes that failed in a row
	Last     bool   `json:"asked_last"` // for now, since it failed too often
}

// Voices tells how each voice does, by the names of agents.
func (b *Switchboard) Voices() []VoiceState {
	all := []VoiceState{}
	for _, name := range slices.Sorted(maps.Keys(b.cfg.Profiles)) {
		for _, v := range b.cfg.Profiles[name].Voices {
			failures, last := v.Health()
			all = append(all, VoiceState{name, v.Name, failures, last})
		}
	}
	return all
}
