package expression

import (
	"cmp"
	"encoding/json"
	"regexp"
)

// message is what the stream sends, as far as it is used. The measurement's lists are
// taken where they are: beside the type, or one level below, since how they are nested
// is not established.
type message struct {
	Type    string
	Trigger string
	StartMS int64
	EndMS   int64

	expressions []expressionScore
	errorCode   string
}

type expressionScore struct {
	Name        string  `json:"name"`
	Probability float64 `json:"probability"`
}

// fields are the fields of a message that count, at whatever level.
type fields struct {
	Type        string            `json:"type"`
	Code        string            `json:"code"`
	Trigger     string            `json:"trigger"`
	StartMS     *float64          `json:"audio_start_ms"`
	EndMS       *float64          `json:"audio_end_ms"`
	Expressions []expressionScore `json:"expressions"`
}

// UnmarshalJSON reads a message leniently: what doesn't fit is left out.
func (m *message) UnmarshalJSON(b []byte) error {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(b, &whole); err != nil {
		return err
	}
	var top fields
	_ = json.Unmarshal(b, &top) // a field of another type stays empty
	m.take(top)
	m.Type = top.Type
	for _, key := range []string{"measurement", "result", "data", "error"} {
		var inner fields
		if json.Unmarshal(whole[key], &inner) == nil {
			m.take(inner)
		}
	}
	return nil
}

func (m *message) take(f fields) {
	m.errorCode = cmp.Or(m.errorCode, f.Code)
	m.Trigger = cmp.Or(m.Trigger, f.Trigger)
	if f.StartMS != nil {
		m.StartMS = int64(*f.StartMS)
	}
	if f.EndMS != nil {
		m.EndMS = int64(*f.EndMS)
	}
	if m.expressions == nil {
		m.expressions = f.Expressions
	}
}

// code is an error's code, if it is one.
func (m *message) code() string {
	if questionID.MatchString(m.errorCode) {
		return m.errorCode
	}
	return "an error without a code"
}

// ends tells whether an error ends the session:
// https://dev.hume.ai/expression-measurement/docs/sessions.
func (m *message) ends() bool {
	return m.errorCode != "invalid_audio_frame" && m.errorCode != "rate_limited"
}

// expressionName is what a name may be that goes into a log and before a voice.
var expressionName = regexp.MustCompile(`^[a-z][a-z '()-]{0,39}$`)

// scores are a measurement's expressions that have a name and a probability.
func (m *message) scores() map[string]float64 {
	scores := map[string]float64{}
	for _, e := range m.expressions {
		if expressionName.MatchString(e.Name) && e.Probability >= 0 && e.Probability <= 1 {
			scores[e.Name] = e.Probability
		}
	}
	return scores
}
