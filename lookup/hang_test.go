package lookup

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/phone"
)

// trip answers a request as a function says.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An endpoint that hangs costs 3 s, whoever waits for it, and writes nothing.
func TestHangingLookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, err := phone.Parse("+12122352671")
		if err != nil {
			t.Fatal(err)
		}
		rules, ledger := &consenttest.Rules{}, &consenttest.Ledger{}
		gate := &consent.Gate{Ledger: ledger, Policy: holding{rules}}
		s, err := New(Config{Endpoints: map[Kind]Endpoint{DNCNational: {URL: "https://lookup.example/"}}, Gate: gate,
			Logger: zerolog.Nop()})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		s.client.Transport = trip(func(r *http.Request) (*http.Response, error) {
			asked++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		began := time.Now()
		for range 3 {
			go s.Before(t.Context(), consent.Request{To: n})
		}
		s.Before(context.Background(), consent.Request{To: n})
		synctest.Wait()
		if took := time.Since(began); took != askWait || asked != 1 || len(ledger.Facts()) != 0 {
			t.Errorf("it took %v, asked %d times, %d facts", took, asked, len(ledger.Facts()))
		}
	})
}

// holding holds for want of the national list.
type holding struct{ consent.Decider }

func (holding) Decide(consent.Request, consent.Snapshot, time.Time) consent.Decision {
	return consent.Decision{Outcome: consent.Hold,
		Results: []consent.Result{{Rule: "dnc.national", Status: consent.Unknown, Effect: consent.EffectHold}}}
}

// What is said twice is found at every depth, in any case; what is no JSON is not its
// affair.
func TestUnique(t *testing.T) {
	t.Parallel()
	for text, twice := range map[string]bool{
		`{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}`: false, `{"a":"b","b":"a"}`: false, `[1,1]`: false, `"a"`: false,
		`{"a":[],"b":{},"c":null}`: false, `{"a"`: false, `}`: false, ``: false, `<a>`: false,
		`{"a":1,"a":1}`: true, `{"a":1,"A":2}`: true, `{"b":{"a":1,"c":[],"a":null}}`: true,
		`[[{"a":{},"x":[1],"a":0}]]`: true,
	} {
		if err := unique([]byte(text)); (err != nil) != twice {
			t.Errorf("%s: %v", text, err)
		}
	}
}
