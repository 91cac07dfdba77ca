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

// Interrupted means that the agent heard the caller speak over it, and has
// stopped generating. Audio of segments begun before may still arrive.
type Interrupted struct{}

// CallerSpeaks means that the voice hears the caller begin to speak. Whether
// that interrupts the agent is for the call to decide.
type CallerSpeaks struct{}

// CallerStopped means that the caller has paused. A voice that sends
// CallerSpeaks sends it, too.
type CallerStopped struct{}

// CallerTurn means that the caller's turn is over, and fixes its place in the
// log. Its words follow by a CallerSaid of the same Turn, at any time, or never.
type CallerTurn struct{ Turn string }

// CallerSaid is what the agent understood.
type CallerSaid struct {
	Turn     string // of a CallerTurn; empty if the words are the turn
	Text     string // empty: there were no words after all
	Interim  bool   // words so far of a turn that is not over: each replaces the one before
	Failed   bool   // the words could not be recognized
	Typed    bool   // it came from Agent.SendTurn
	Emotions map[string]float64
}

// AgentSaid is the text of a segment so far: it replaces what came before. It
// may come before, between or after the segment's Audio.
type AgentSaid struct {
	Segment  string
	Text     string
	Asked    bool // it came from Agent.Say
	Emotions map[string]float64
}

// Spoken means that all of what Agent.Say asked for has been sent.
type Spoken struct {
	Exact bool // in exactly those words, but for case and punctuation
}

// Usage is what the voice charges for, since the Usage before it.
type Usage struct {
	Model       string
	TextIn      int // tokens
	AudioIn     int
	CachedText  int // of TextIn
	CachedAudio int // of AudioIn
	TextOut     int
	AudioOut    int
	Seconds     float64 // of a voice that is charged by time
	USD         float64 // estimated by a price table; 0 if the model is not in it
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

// Over means that something the voice sent was over a budget, and was dropped.
type Over struct{ Budget Budget }

func (Over) event()          {}
func (Audio) event()         {}
func (SegmentEnd) event()    {}
func (TurnEnd) event()       {}
func (Interrupted) event()   {}
func (CallerSpeaks) event()  {}
func (CallerStopped) event() {}
func (CallerTurn) event()    {}
func (Spoken) event()        {}
func (Usage) event()         {}
func (CallerSaid) event()    {}
func (AgentSaid) event()     {}
func (AgentFelt) event()     {}
func (ToolCall) event()      {}
func (Failed) event()        {}
func (Ignored) event()       {}
