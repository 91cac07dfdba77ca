package server_test

import (
	"context"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/server"
)

// dropped counts the claims that were dropped.
type dropped struct {
	server.Answers
	n atomic.Int32
}

func (d *dropped) DropClaim(ctx context.Context, key [32]byte) error {
	d.n.Add(1)
	return d.Answers.DropClaim(ctx, key)
}

// An attempt that gets no answer gives its claim back: the next one, at any instance, needn't wait until it
// is stale.
func TestAnAttemptWithoutAnAnswerGivesItsClaimBack(t *testing.T) {
	t.Parallel()
	var claims *dropped
	s := openWith(t, func(c *server.Config) {
		claims = &dropped{Answers: c.Answers}
		c.Answers = claims
	})
	const path = "/twilio/answer?call=call_1"
	if got := s.attempt(s.web.URL, path, incoming(), "token-1"); got.status != 500 || claims.n.Load() != 1 {
		t.Errorf("without an answer: %d, and %d claims are dropped; want one", got.status, claims.n.Load())
	}
	s.desk.says("<Response><Pause/></Response>")
	if got := s.attempt(s.make().URL, path, incoming(), "token-1"); got.status != 200 || claims.n.Load() != 1 {
		t.Errorf("with one: %d, and %d claims are dropped; want no other", got.status, claims.n.Load())
	}
}

// says is what answered calls follow from now on.
func (d *desk) says(answers string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers = carrier.Document{Text: answers}
}

// What was answered about a person's calls, in and out, is erased with the person; what was about another stays.
func TestAnErasedPersonsAnswersGo(t *testing.T) {
	t.Parallel()
	s := open(t)
	const path = "/twilio/answer?call=call_1"
	const before, after = "<Response><Pause/></Response>", "<Response><Reject/></Response>"
	out := func(sid, to string) url.Values {
		sid = "CA0000000000000000000000000000000" + sid
		return incoming("CallSid", sid, "Direction", "outbound-api", "From", number, "To", to)
	}
	calls := map[string]struct {
		form url.Values
		want string
	}{
		"of theirs":          {incoming(), after},
		"of ours to them":    {out("1", caller), after},
		"of ours to another": {out("2", "+14152350143"), before},
	}
	s.desk.says(before)
	for name, c := range calls {
		if got := s.attempt(s.web.URL, path, c.form, "token-1"); got.body != before {
			t.Fatalf("a call %s: %d %s", name, got.status, got.body)
		}
	}
	if got := s.order("DELETE", "/v1/consent/"+caller+"?why=asked", ""); got.status != 200 {
		t.Fatalf("the erasure: %d %s", got.status, got.body)
	}
	s.desk.says(after)
	other := s.make()
	for name, c := range calls {
		if got := s.attempt(other.URL, path, c.form, "token-1"); got.body != c.want {
			t.Errorf("a call %s, asked about once more: %s, want %s", name, got.body, c.want)
		}
	}
}
