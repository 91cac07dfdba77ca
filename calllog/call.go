package calllog

import "time"

// What a call is doing, in Twilio's words.
const (
	StatusQueued     = "queued" // placed, and not yet heard of
	StatusRinging    = "ringing"
	StatusInProgress = "in-progress"
	StatusCompleted  = "completed"
)

// Why a call ended. A live call has no outcome; an ended one has exactly one.
const (
	OutcomeCallerHungUp = "caller_hung_up"
	OutcomeAgentEnded   = "agent_ended"
	OutcomeTransferred  = "transferred"
	OutcomeOptedOut     = "opted_out"
	OutcomeVoicemail    = "voicemail"
	OutcomeNoAnswer     = "no_answer"
	OutcomeBusy         = "busy"
	OutcomeFailed       = "failed"
	OutcomeTimeLimit    = "time_limit"
	OutcomeDrained      = "drained"
)

// Outcomes is all of them: each call that is over has one.
var Outcomes = []string{
	OutcomeCallerHungUp, OutcomeAgentEnded, OutcomeTransferred, OutcomeOptedOut, OutcomeVoicemail,
	OutcomeNoAnswer, OutcomeBusy, OutcomeFailed, OutcomeTimeLimit, OutcomeDrained,
}

// Who placed the call.
const (
	Inbound  = "inbound"
	Outbound = "outbound"
)

// Call is the header of one call, with its entries where they were asked for.
type Call struct {
	ID            string `json:"id"` // ours, made before anything else is known
	Direction     string `json:"direction"`
	TwilioCallSID string `json:"twilio_call_sid"`
	From          string `json:"from"`
	To            string `json:"to"`
	Attestation   string `json:"attestation,omitempty"` // how far the carrier vouches for From (STIR), as Twilio says it
	Agent         string `json:"agent"`                 // its name in the configuration
	Voice         string `json:"voice"`                 // that took the call: evi, realtime or desk

	Voices []string `json:"voices,omitempty"` // all that spoke, in order

	ChatIDs     []string `json:"chat_ids"` // one for each connection to the agent, in order
	ChatGroupID string   `json:"chat_group_id"`
	Chats       []Chat   `json:"chats,omitempty"` // what the agent's service reports of them; no part of the header

	Status     string     `json:"status"`
	Outcome    string     `json:"outcome,omitempty"` // empty while the call lives
	Broke      bool       `json:"broke,omitempty"`   // it ended against the caller's will, as far as is known: who calls again may go on
	StartedAt  time.Time  `json:"started_at"`
	AnsweredAt *time.Time `json:"answered_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`

	Variables map[string]string `json:"variables,omitempty"` // of an inbound call: from the endpoint that was asked who answers

	DecisionSeq *int64   `json:"decision_seq"`      // the consent decision that let it be placed
	Order       *Order   `json:"order,omitempty"`   // what was asked for; nil of an inbound call
	Failure     *Failure `json:"failure,omitempty"` // of a placed call that reached nobody: why, by the carrier
	Opening     *Opening `json:"opening"`
	Usage       []Usage  `json:"usage,omitempty"` // what the voices charge for, a model of a voice each
	Quality     *Quality `json:"quality"`

	Instance string `json:"-"` // the bridge that carries the call
	Epoch    int    `json:"-"` // grows by one each time another bridge takes the call over: see Store.Claim
	Version  int    `json:"-"` // grows by one with each header written; an older one never replaces a newer of its epoch

	Entries []Entry `json:"entries,omitempty"` // in the order of Seq
}

// Order is what somebody asked for who had a call placed: all that another
// instance needs, which may be the one that Twilio tells of the answer.
type Order struct {
	PermitID  string            `json:"permit_id"` // in the ledger of consent
	Purpose   string            `json:"purpose"`
	Marketing bool              `json:"contains_marketing"`
	Subject   string            `json:"subject,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
	State     string            `json:"state,omitempty"` // where the person is, as the order says it
	Zone      string            `json:"zone,omitempty"`
	Say       string            `json:"say,omitempty"`    // of an emergency call: the text that was approved
	Duties    []string          `json:"duties,omitempty"` // by the newest decision about the call, in the gate's names
}

// Failure is why a call that was placed reached nobody, in the carrier's own codes; 0 for
// none.
type Failure struct {
	Cause string `json:"cause,omitempty"` // what the codes are about; empty if that is not known
	Code  int    `json:"code,omitempty"`  // Twilio's: https://www.twilio.com/docs/api/errors
	SIP   int    `json:"sip,omitempty"`   // the network's response: RFC 3261, section 21
}

// What a failure is about.
const (
	CauseNumber  = "number"  // the number called: no other try reaches it
	CauseCarrier = "carrier" // the carrier, or our account there: other calls fail likewise
)

// Opening is what was spoken first, and how far it is proved to have played.
type Opening struct {
	Text     string     `json:"text"`
	PlayedAt *time.Time `json:"played_at"` // when its last mark came back
	Complete bool       `json:"complete"`
}

// Usage is what a model of a voice charges for in a call.
type Usage struct {
	Voice       string  `json:"voice"`
	Model       string  `json:"model"`
	TextIn      int     `json:"text_in"`     // tokens
	TextCached  int     `json:"text_cached"` // of TextIn
	TextOut     int     `json:"text_out"`
	AudioIn     int     `json:"audio_in"`
	AudioCached int     `json:"audio_cached"` // of AudioIn
	AudioOut    int     `json:"audio_out"`
	Seconds     float64 `json:"seconds,omitempty"` // of a model that is charged by time
	USD         float64 `json:"usd"`               // by a price table; 0 if the model is not in it
}

// Quality counts what went wrong with the sound of a call.
type Quality struct {
	Gaps    int    `json:"gaps"`     // holes in the caller's timestamps
	Late    int    `json:"late"`     // pieces of agent audio that came after the line had run dry
	Clipped int    `json:"clipped"`  // samples that reached full scale
	Dropped int    `json:"dropped"`  // pieces discarded because a queue was full
	AddedMS Spread `json:"added_ms"` // what the bridge itself adds to the way from agent to ear, ms
}

// Spread is the middle and the tail of a set of measurements.
type Spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}
