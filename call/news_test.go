package call

import (
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/carrier"
)

// News of a call go from one instance to another, of whichever of two versions.
func TestNews(t *testing.T) {
	t.Parallel()
	for _, s := range []carrier.Status{
		{Call: "CA1", State: carrier.Completed},
		{Call: "CA1", State: carrier.Failed, SIP: 503, Code: 32203},
		{Call: "CA1", State: carrier.Failed, Code: 13224, Fault: carrier.FaultNumber},
		{Call: "CA1", State: carrier.Failed, SIP: 404, Fault: carrier.FaultNumber},
	} {
		text := writeNews(s)
		if got, err := readNews(text); err != nil || got != s {
			t.Errorf("%q is read as %+v, %v, want %+v", text, got, err, s)
		}
		var old struct {
			sid, status string
			sip, code   int
		}
		const before = "%s %s %d %d" // what the version before this one writes and reads
		if _, err := fmt.Sscanf(text, before, &old.sid, &old.status, &old.sip, &old.code); err != nil || old.sid != "CA1" ||
			old.status != string(s.State) || old.sip != s.SIP || old.code != s.Code {
			t.Errorf("an older version reads %q as %+v, %v", text, old, err)
		}
		want := s
		if s.Code == 13224 { // it is the carrier's own, and nobody says what it means
			want.Fault = carrier.FaultNone
		}
		if got, err := readNews(fmt.Sprintf(before, s.Call, s.State, s.SIP, s.Code)); err != nil || got != want {
			t.Errorf("an older version's news are read as %+v, %v, want %+v", got, err, want)
		}
	}
	for _, bad := range []string{"", "CA1", "CA1 completed", "CA1 completed 0 x"} {
		if s, err := readNews(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, s)
		}
	}
}
