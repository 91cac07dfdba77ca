package call_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
)

// refuses makes a voice that can't be given a variable of the name.
func refuses(voice, variable string) *call.Voice {
	d := call.NewPuppets()
	d.Refuses = func(s agent.Session) error {
		if _, ok := s.Variables[variable]; ok {
			return &agent.SessionError{Field: "variables", Problem: "are too strange: want others"}
		}
		return nil
	}
	return call.NewVoice(voice, d)
}

// Each voice is asked what it can be given before anybody's telephone rings, whichever door the
// order comes through; the error names field and bound.
func TestVoicesAreAskedBeforeItRings(t *testing.T) {
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) {
		p.Variables = map[string]string{"own": "x"}
		p.Voices = append(p.Voices, refuses("realtime", "strange"), refuses("other", "stranger"))
	}, func(d *desk) {
		d.agents.Refuses = func(s agent.Session) error {
			if s.Variables["own"] != "x" || s.CallSID != "" {
				return errors.New("it is asked about another session")
			}
			return nil
		}
		for variable, want := range map[string][]string{"name": nil, "strange": {"realtime"}, "stranger": {"other"}, "a[b]": {""}} {
			o := toCallee()
			o.Variables = map[string]string{variable: "secret"}
			_, asked := d.board.Request(o)
			doors := map[string]error{"check": d.board.Check(o), "request": asked}
			if want != nil {
				_, _, doors["place"] = d.board.Place(d.ctx, o)
			}
			for door, err := range doors {
				var bad *call.OrderError
				switch {
				case want == nil && err != nil:
					d.Errorf("%s: %s: %v", variable, door, err)
				case want == nil:
				case !errors.As(err, &bad) || len(bad.Fields) != len(want) || bad.Fields[0].Field != "variables" ||
					!strings.Contains(err.Error(), "want ") || !strings.Contains(err.Error(), want[0]) || strings.Contains(err.Error(), "secret"):
					d.Errorf("%s: %s: %v", variable, door, err)
				}
			}
		}
		d.pass(time.Minute)
		if n := len(d.person.Calls()); n != 0 || d.board.Live() != 0 {
			d.Errorf("%d calls were placed, %d are live", n, d.board.Live())
		}
	})
}

// A voice that can't be given what an inbound call brings is passed over for the next, and
// nobody is dialed for it.
func TestVoiceThatCannotTakeTheSession(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Voices = append([]*call.Voice{call.NewVoice("evi", &agent.EVI{URL: "http://127.0.0.1:1", APIKey: humeKey, Prompt: "\x00"})}, p.Voices...)
	}, func(b *bubble) {
		b.agents.Answers <- nil
		begun := time.Now()
		c := b.dial()
		<-b.agents.Dialled
		synctest.Wait()
		if waited := time.Since(begun); waited > 100*time.Millisecond {
			b.Errorf("the next voice is asked after %v", waited)
		}
		c.HangUp()
	})
}
