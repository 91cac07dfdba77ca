package carrier

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// stepVersion is of the JSON in which instances leave steps for each other. A reader of
// another version must not guess.
const stepVersion = 1

// maxWaitMS bounds the waits in a step: a day, longer than any call.
const maxWaitMS = 24 * 60 * 60 * 1000

// stepJSON is a step as JSON. Numbers are whole in it: it is data of a person's, and no log.
type stepJSON struct {
	Version    int    `json:"version"`
	Kind       string `json:"kind"`
	Token      string `json:"token,omitempty"`
	Digits     string `json:"digits,omitempty"`
	Busy       bool   `json:"busy,omitempty"`
	Text       string `json:"text,omitempty"`
	Number     string `json:"number,omitempty"`
	CallerID   string `json:"caller_id,omitempty"`
	RingMS     int64  `json:"ring_ms,omitempty"`
	PatienceMS int64  `json:"patience_ms,omitempty"`
	Call       string `json:"call,omitempty"`
	Try        int    `json:"try,omitempty"`
	Screened   bool   `json:"screened,omitempty"`
}

// EncodeStep writes a step as JSON with its version.
func EncodeStep(s Step) ([]byte, error) {
	j := stepJSON{Version: stepVersion}
	switch s := s.(type) {
	case Connect:
		j.Kind, j.Token, j.Digits = "connect", s.Token, s.Digits
	case Reject:
		j.Kind, j.Busy = "reject", s.Busy
	case HangUp:
		j.Kind = "hang_up"
	case Say:
		j.Kind, j.Text, j.Number = "say", s.Text, string(s.Then)
	case Transfer:
		j.Kind, j.Number, j.CallerID, j.RingMS = "transfer", s.To.E164(), string(s.CallerID), s.Ring.Milliseconds()
		j.Call, j.Try, j.Screened = s.Call, s.Try, s.Screened
	case Screen:
		j.Kind, j.Text, j.Call, j.Try, j.PatienceMS = "screen", s.Text, s.Call, s.Try, s.Patience.Milliseconds()
	case Join:
		j.Kind = "join"
	case Document:
		j.Kind, j.Text = "document", s.Text
	default:
		return nil, fmt.Errorf("carrier: encode step: there is no step of type %T", s)
	}
	return json.Marshal(j)
}

// DecodeStep reads what [EncodeStep] wrote. A version or a kind that it does not know is an
// error, since what is left of such a step would be another.
func DecodeStep(b []byte) (Step, error) {
	var j stepJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, fmt.Errorf("carrier: decode step: %w", err)
	}
	if j.Version != stepVersion {
		return nil, fmt.Errorf("carrier: decode step: version %d: want %d", j.Version, stepVersion)
	}
	if j.RingMS < 0 || j.RingMS > maxWaitMS || j.PatienceMS < 0 || j.PatienceMS > maxWaitMS {
		return nil, fmt.Errorf("carrier: decode step: want waits of 0 to %d ms", maxWaitMS)
	}
	switch j.Kind {
	case "connect":
		return Connect{j.Token, j.Digits}, nil
	case "reject":
		return Reject{j.Busy}, nil
	case "hang_up":
		return HangUp{}, nil
	case "say":
		return Say{j.Text, phone.Party(j.Number)}, nil
	case "transfer":
		to, err := phone.Parse(j.Number)
		if err != nil {
			return nil, fmt.Errorf("carrier: decode step: transfer: %w", err)
		}
		return Transfer{to, phone.Party(j.CallerID), milliseconds(j.RingMS), j.Call, j.Try, j.Screened}, nil
	case "screen":
		return Screen{j.Text, j.Call, j.Try, milliseconds(j.PatienceMS)}, nil
	case "join":
		return Join{}, nil
	case "document":
		return Document{j.Text}, nil
	}
	return nil, fmt.Errorf("carrier: decode step: there is no kind %.40q", j.Kind)
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
