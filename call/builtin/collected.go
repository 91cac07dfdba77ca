package builtin

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// collectOut is what the agent is told: the digits, or, of those that it may not see, by what
// reference another tool gets them.
type collectOut struct {
	Digits    *string `json:"digits,omitempty"`
	Collected int     `json:"collected"`
	EndedBy   string  `json:"ended_by"`
	Complete  bool    `json:"complete"`
	Reference string  `json:"reference,omitempty"`
	Note      string  `json:"note,omitempty"`
}

// collected ends a collection and answers its tool.
func (s *State) collected(c Controls, by string, now time.Time) {
	d := s.collection
	s.collection = nil
	n := len(d.digits)
	out := collectOut{Collected: n, EndedBy: by, Complete: n >= d.want.Min}
	switch {
	case n == 0:
		out.Note = "The caller pressed no key. Ask whether they need help."
	case !out.Complete:
		out.Note = fmt.Sprintf("At least %d digits are needed. "+
			"Ask the caller to key them in again from the beginning, and use the tool again.", d.want.Min)
	}
	switch {
	case !d.want.Secret:
		out.Digits = &d.digits
	case out.Complete:
		out.Reference = s.tokens.tokenize(d.want.Name, d.digits, now)
	}
	if by != byTerminator && n > 0 || d.want.Secret && !out.Complete {
		s.late = lateKeys{want: d.want, whole: by == byMax}
		s.late.wait(2*d.wait(), now)
	}
	content, err := json.Marshal(out)
	if err != nil {
		panic("internal error: builtin: " + err.Error())
	}
	c.Answer(d.tool, string(content), now)
}

// slug makes a name of letters, digits and low lines.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= maxDigitsName:
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	if s := strings.Trim(b.String(), "_"); s != "" {
		return s
	}
	return "number"
}
