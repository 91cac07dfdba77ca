package lookup_test

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/lookup"
)

// Whatever an endpoint answers, it is no fact, lets no call through, and reaches no log line.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	var answers []hostile.Input
	for _, in := range hostile.Texts() {
		for _, form := range []string{`{"number":%,"reassigned":"no"}`, `{"number":"` + callee + `","reassigned":%}`, `{"number":"` + callee + `","reassigned_number":{"last_verified_date":%,"is_number_reassigned":"no"},"date":"x"}`} {
			answers = append(answers, hostile.Input{Name: in.Name + " in " + form, Text: hostile.Fill(form, in.Text)})
		}
	}
	for _, in := range append(append(answers, hostile.JSON()...), hostile.Large()...) {
		s := open(t, says(200, in.Text), lookup.Reassigned)
		s.agreed(consent.Informational)
		if d := s.clear(consent.Informational); d.Outcome != consent.Hold {
			t.Errorf("%s: %s", in.Name, d.Outcome)
		}
		if facts := s.ledger.Facts(consent.NumberFact); len(facts) > 0 {
			t.Errorf("%s: the ledger has %+v", in.Name, facts)
		}
		if log := s.log.String(); len(log) > 2000 || strings.Contains(log, "forged") || strings.ContainsAny(log, "\x1b\x00\u009b\u202e\u2028") || strings.Contains(log, callee) {
			t.Errorf("%s: the log has %.500q", in.Name, log)
		}
		s.web.Close()
	}
}
