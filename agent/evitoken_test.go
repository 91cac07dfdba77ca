package agent_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/hume"
)

// With a secret key the chat is opened with a token, and the key is not sent to it.
func TestAChatIsOpenedWithAToken(t *testing.T) {
	t.Parallel()
	query := make(chan url.Values, 1)
	s := serve(t, evitest.Script(does(func(c *evitest.Conn) error { query <- c.Query; return nil }), does((*evitest.Conn).AssistantEnd)))
	a := dial(t, s, agent.EVI{Tokens: hume.NewTokens(s.URL(), key, "secret")}, agent.Session{})
	next(t, a)
	if q := <-query; q.Get("access_token") != "token of "+key || q.Has("api_key") {
		t.Errorf("the query is %v", q)
	}
}

// given gives one token, and remembers which were refused.
type given struct {
	token   string
	err     error
	refused []string
}

func (g *given) Token(context.Context) (string, error) { return g.token, g.err }
func (g *given) Refused(token string)                  { g.refused = append(g.refused, token) }

func TestNoChatWithoutAToken(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		tokens  given
		status  int // of the handshake; 0 for what the server says by itself
		fatal   bool
		refused int
	}{
		{"a token that is not known", given{token: "stale"}, 0, true, 1},
		{"a token that may not", given{token: "token of " + key}, 403, true, 1},
		{"a host that is out of order", given{token: "token of " + key}, 503, false, 0},
		{"keys that are not accepted", given{err: &hume.TokenError{Status: 401}}, 0, true, 0},
		{"no answer", given{err: &hume.TokenError{Err: context.DeadlineExceeded}}, 0, false, 0},
	} {
		s := serve(t, func(*evitest.Conn) {})
		if row.status != 0 {
			s.Refuse(row.status, 1)
		}
		a, err := (&agent.EVI{URL: s.URL(), APIKey: key, Tokens: &row.tokens}).Dial(limited(t), agent.Session{})
		var lost *agent.LostError
		if a != nil || !errors.As(err, &lost) || lost.Fatal != row.fatal || len(row.tokens.refused) != row.refused {
			t.Errorf("%s: %v, %+v, refused %q", row.name, a, err, row.tokens.refused)
		}
	}
}
