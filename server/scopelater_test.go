package server_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/permits"
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
	one := read[api.Reminder](t, s.order("POST", "/v1/reminders", body), 201)
	harbor := s.createKey("harbor", rights)
	if got := harbor("GET", "/v1/reminders", ""); got.status != 200 || strings.Contains(got.body, one.ID) {
		t.Errorf("the list: %d %s", got.status, got.body)
	}
	isProblem(t, harbor("GET", "/v1/reminders/"+one.ID, ""), 404, "unknown reminder")
	isProblem(t, harbor("DELETE", "/v1/reminders/"+one.ID, ""), 404, "unknown reminder")
	if got := harbor("POST", "/v1/reminders", body); got.status != 400 || !strings.Contains(got.body, "unknown agent") {
		t.Errorf("a reminder for another: %d %s", got.status, got.body)
	}

	id := decode[api.PermitIssued](t, p.order("POST", "/v1/permits", permitBody+`}`)).Permit.ID
	harbor = p.createKey("harbor", rights)
	if got := harbor("POST", "/v1/permits", permitBody+`}`); got.status != 400 {
		t.Errorf("a permit for another: %d %s", got.status, got.body)
	}
	event := `{"id":"e1","type":"created","at":"` + time.Now().UTC().Format(time.RFC3339) + `","call_ref":"x"}`
	isProblem(t, harbor("POST", "/v1/permits/"+id+"/events", event), 404, "unknown permit")
}

// ofNobody is permits that no seller's name is known of.
type ofNobody struct {
	server.Permits
	reported *atomic.Int32
}

func (ofNobody) Seller(context.Context, string) (string, error) { return "", nil }

func (p ofNobody) Report(context.Context, string, permits.Event) (permits.Answer, error) {
	p.reported.Add(1)
	return permits.Answer{Status: 201}, nil
}

// A permit that is nobody's is not there for a key of one seller.
func TestAPermitOfNobody(t *testing.T) {
	t.Parallel()
	var reported atomic.Int32
	s := openWith(t, func(c *server.Config) { c.Permits = ofNobody{reported: &reported} })
	event := `{"id":"e1","type":"created","at":"` + time.Now().UTC().Format(time.RFC3339) + `","call_ref":"x"}`
	harbor := s.createKey("harbor", `"may":["place"],"seller":["harbor"]`)
	isProblem(t, harbor("POST", "/v1/permits/permit_x/events", event), 404, "unknown permit")
	if reported.Load() != 0 {
		t.Error("it was reported on")
	}
	if got := s.order("POST", "/v1/permits/permit_x/events", event); got.status != 201 || reported.Load() != 1 {
		t.Errorf("with a key of all sellers: %d %s", got.status, got.body)
	}
}
