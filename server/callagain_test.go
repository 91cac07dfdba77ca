package server_test

import (
	"strings"
	"testing"
)

// An attempt without a token is the same as no other, and one with another token is another, also
// at an instance that has heard of neither: whoever sends a webhook again starts nothing.
func TestAWebhookSentAgain(t *testing.T) {
	t.Parallel()
	for name, token := range map[string][2]string{"no token": {"", ""}, "another": {"token-1", "token-2"}, "the token left out": {"token-1", ""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if first := s.attempt(s.web.URL, "/twilio/voice", incoming(), token[0]); !strings.Contains(first.body, "<Stream") {
				t.Fatalf("got %s", first.body)
			}
			for where, at := range map[string]string{"the same instance": s.web.URL, "another": s.make().URL} {
				if got := s.attempt(at, "/twilio/voice", incoming(), token[1]); !hungUp(t, got) {
					t.Errorf("%s: again, it gets %s", where, got.body)
				}
			}
			if s.board.Live() != 1 {
				t.Errorf("%d calls, want one", s.board.Live())
			}
		})
	}
}
