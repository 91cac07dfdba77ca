package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

// A caller who has as many calls as one may have, at another instance, gets a sentence here.
// With the database away this instance counts alone.
func TestACallersLimitIsOfAllInstances(t *testing.T) {
	t.Parallel()
	s := open(t)
	for n := range 30 {
		s.write(fmt.Sprint("there", n), 1, func(c *calllog.Call) { c.Instance = "there" })
	}
	if got := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-1"); !strings.Contains(got.body, "lot of calls from this number") {
		t.Errorf("the 31st call gets %s", got.body)
	}
	if got := s.attempt(s.web.URL, "/twilio/voice", incoming("CallSid", "CA00000000000000000000000000000001", "From", "+14152350143"), "token-2"); !strings.Contains(got.body, "<Stream") {
		t.Errorf("somebody else gets %s", got.body)
	}
	s.db.Close()
	if got := s.attempt(s.web.URL, "/twilio/voice", incoming("CallSid", "CA00000000000000000000000000000002"), "token-3"); !strings.Contains(got.body, "<Stream") {
		t.Errorf("without the database the caller gets %s", got.body)
	}
}
