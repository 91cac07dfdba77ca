package agent

// Event is what an agent does. The set is closed.
//
//sumtype:decl
type Event interface{ event() }

// Audio is sound of a segment: µ-law, 8 kHz, mono. The receiver owns ULaw. It
// may come far faster than it can be played.
type Audio struct {
	Segment string
	ULaw    []byte
}

// SegmentEnd follows the last Audio of a segment.
type SegmentEnd struct{ Segment string }

// TurnEnd means that the agent has sent all of its reply, not that anybody has
// heard it.
type TurnEnd struct{}

// Interrupted means that the caller spoke over the agent, which has stopped
// generating. Audio of segments begun before may still arrive.
type Interrupted struct{}

// CallerSaid is what the agent understood. Interim texts are revised by later
// ones and are not a turn.
type CallerSaid struct {
	Text     string
	Interim  bool
	Typed    bool // it came from Agent.Tell
	Emotions map[string]float64
}

// AgentSaid is the text of a segment. It may come before, between or after the
// segment's Audio.
type AgentSaid struct {
	Segment  string
	Text     string
	Asked    bool // it came from Agent.Say
	Emotions map[string]float64
}

// AgentFelt is the measured tone of the agent's own voice in a segment.
type AgentFelt struct {
	Segment  string
	Emotions map[string]float64
}

// ToolCall asks for a tool. One that wants no answer must not get one.
type ToolCall struct {
	ID, Name   string
	Arguments  string // JSON
	WantAnswer bool
}

// Failed is an error the agent reported and survived. If it ends the
// conversation, Receive's next error says so.
type Failed struct{ Code, Slug, Message string }

// Ignored is a message that has no meaning for a call, or none that is known.
type Ignored struct {
	Type   string
	Broken bool // it could not be read at all
}

func (Audio) event()       {}
func (SegmentEnd) event()  {}
func (TurnEnd) event()     {}
func (Interrupted) event() {}
func (CallerSaid) event()  {}
func (AgentSaid) event()   {}
func (AgentFelt) event()   {}
func (ToolCall) event()    {}
func (Failed) event()      {}
func (Ignored) event()     {}
