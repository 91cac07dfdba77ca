package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/server"
)

// A key for one seller neither sees nor ends another's reminders, and reports nothing of
// another's permits.
func TestAKeyForOneSellerAndWhatIsDueLater(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	p := openPermits(t)
	const rights = `"may":["read","numbers","place"],"seller":["harbor"]`
	body := reminderBody("")
	one := read[server.Reminder](t, s.order("POST", "/v1/reminders", body), 201)
	harbor := s.createKey("harbor", rights)
	if got := harbor("GET", "/v1/reminders", ""); got.status != 200 || strings.Contains(got.body, one.ID) {
		t.Errorf("the list: %d %s", got.status, got.body)
	}
	isProblem(t, harbor("GET", "/v1/reminders/"+one.ID, ""), 404, "no such reminder")
	isProblem(t, harbor("DELETE", "/v1/reminders/"+one.ID, ""), 404, "no such reminder")
	if got := harbor("POST", "/v1/reminders", body); got.status != 400 || !strings.Contains(got.body, "no agent of that name") {
		t.Errorf("a reminder for another: %d %s", got.status, got.body)
	}

	id := decode[server.PermitIssued](t, p.order("POST", "/v1/permits", permitBody+`}`)).Permit.ID
	harbor = p.createKey("harbor", rights)
	if got := harbor("POST", "/v1/permits", permitBody+`}`); got.status != 400 {
		t.Errorf("a permit for another: %d %s", got.status, got.body)
	}
	event := `{"id":"e1","type":"created","at":"` + time.Now().UTC().Format(time.RFC3339) + `","call_ref":"x"}`
	isProblem(t, harbor("POST", "/v1/permits/"+id+"/events", event), 404, "no such permit")
}
