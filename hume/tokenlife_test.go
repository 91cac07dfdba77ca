package hume

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type answers func(*http.Request) string

func (f answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(f(r)))}, nil
}

// A token is replaced five minutes before its end, and a short one at half its life.
func TestATokenIsReplacedInTime(t *testing.T) {
	for seconds, good := range map[string]time.Duration{"1800": 25 * time.Minute, "60": 30 * time.Second,
		"0": 25 * time.Minute, "1e300": 25 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			tokens := NewTokens("http://host", "k", "s")
			tokens.client.Transport = answers(func(*http.Request) string {
				n++
				return fmt.Sprintf(`{"access_token":"t","expires_in":%s}`, seconds)
			})
			for _, at := range []struct {
				wait time.Duration
				want int
			}{{0, 1}, {good - time.Second, 1}, {time.Second, 2}} {
				time.Sleep(at.wait)
				if _, err := tokens.Token(context.Background()); err != nil || n != at.want {
					t.Errorf("%s s: asked %d times, want %d: %v", seconds, n, at.want, err)
				}
			}
		})
	}
}
