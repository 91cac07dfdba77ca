package permits_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
)

// posted is a callback as a dialer gets it.
type posted struct {
	header http.Header
	body   []byte
	at     time.Time
}

// dialer answers callbacks with the given statuses, the last of them for ever.
func dialer(t *testing.T, statuses ...int) (*httptest.Server, <-chan posted) {
	t.Helper()
	got := make(chan posted, 16)
	n := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		status := statuses[min(n, len(statuses)-1)]
		n++
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		got <- posted{r.Header, body, time.Now()}
	}))
	t.Cleanup(web.Close)
	return web, got
}

func stop(o *office) time.Time {
	o.Helper()
	return stopOf(o, dana)
}

func stopOf(o *office, to string) time.Time {
	o.Helper()
	_, err := o.gate.Record(o.Context(), consent.Fact{Type: consent.Revoke, Number: request(o, to).To, Seller: "riverbend",
		OccurredAt: time.Now(), Source: "sms", Actor: "sms", Via: consent.ViaSMS, Scope: consent.AllAutomated})
	if err != nil {
		o.Fatal(err)
	}
	return time.Now()
}

// A refusal before the end is posted within a second, and verified by the library
// that others use.
func TestARefusalIsPosted(t *testing.T) {
	t.Parallel()
	o := open(t)
	web, got := dialer(t, 204)
	o.run()
	p := o.issue(web.URL)
	o.report(p, permits.Event{ID: "1", Type: permits.Answered, CallRef: "sip-1"})
	said := stop(o)
	g := <-got
	if took := g.at.Sub(said); took > time.Second {
		t.Errorf("it took %v", took)
	}
	hook, err := webhooks.NewWebhook(p.Secret)
	if err == nil {
		err = hook.Verify(g.body, g.header)
	}
	for _, secret := range secrets { // of the service
		raw, bad := webhooks.NewWebhookRaw(secret)
		if err = errors.Join(err, bad); bad == nil {
			err = errors.Join(err, raw.Verify(g.body, g.header))
		}
	}
	if err != nil {
		t.Errorf("it does not verify: %v", err)
	}
	var body permits.Revocation
	if err := json.Unmarshal(g.body, &body); err != nil || body.Type != "permit.revoked" ||
		body.Data.PermitID != p.ID || body.Data.CallRef != "sip-1" {
		t.Errorf("the body: %s, %v", g.body, err)
	}
	if strings.Contains(string(g.body), dana) {
		t.Error("the body has the number")
	}
}

// A seller that gets another key while others call for it is refused by that key, and so is one
// of which bridge.yaml says no more who it is.
func TestARefusalOfARenamedSellerIsPosted(t *testing.T) {
	t.Parallel()
	harbor := consent.Seller{Name: "harbor", LegalName: "Harbor Bank NA"}
	for name, x := range map[string]struct {
		was  []string
		ends string // the seller of the permit's end
	}{"with its earlier key": {[]string{"riverbend"}, "river"}, "without": {nil, "riverbend"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			web, got := dialer(t, 204)
			p := o.issue(web.URL)
			now := map[string]consent.Seller{"river": {Name: "river", LegalName: seller.LegalName}, "harbor": harbor}
			consent.Relate(now, map[string][]string{"river": x.was})
			o.restart(now)
			o.deaf()
			o.service.Revoked(consent.Fact{Type: consent.Revoke, Number: request(o, dana).To, Seller: "river", Scope: consent.AllAutomated})
			select {
			case <-got:
			case <-time.After(3 * time.Second):
				t.Error("the dialer was not told")
			}
			o.report(p, permits.Event{ID: "1", Type: permits.Ended, CallRef: "sip-1"})
			rows := o.facts(consent.Permitted)
			if end := rows[len(rows)-1]; end.Seller != x.ends || end.PermitStatus != consent.PermitEnded {
				t.Errorf("the permit's end: %+v", end)
			}
		})
	}
}

// Only who may still be talking is told: not after the end, and not of another
// person's refusal, nor of the dialer's own report.
func TestWhoIsNotTold(t *testing.T) {
	t.Parallel()
	o := open(t)
	ended, gotEnded := dialer(t, 204)
	own, gotOwn := dialer(t, 204)
	live, gotLive := dialer(t, 204)
	o.run()
	a, b, c := o.issue(ended.URL), o.issue(own.URL), o.issue(live.URL)
	o.report(a, permits.Event{ID: "1", Type: permits.Ended, CallRef: "sip-1"})
	o.report(b, permits.Event{ID: "1", Type: permits.OptedOut, CallRef: "sip-2"})
	<-gotLive // by the report of the other dialer
	if len(gotEnded)+len(gotOwn) > 0 {
		t.Error("a dialer was told that had ended its call, or had brought the refusal itself")
	}
	if c.Secret == "" || c.Secret == b.Secret || !strings.HasPrefix(c.Secret, "whsec_") {
		t.Errorf("the secrets: %q, %q", b.Secret, c.Secret)
	}
}

// A redirect is not followed, and what failed is due again.
func TestACallbackThatFailsIsDueAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	web, got := dialer(t, 302, 500, 204)
	p := o.issue(web.URL)
	o.service.Mark(t.Context(), consent.Fact{Type: consent.Revoke, Number: request(t, dana).To, Seller: "riverbend", Scope: consent.AllAutomated})
	for try := range 4 {
		o.service.Post(t.Context())
		if try == 3 {
			break
		}
		<-got
	}
	if len(got) > 0 {
		t.Error("it was posted again after it was taken, or a redirect was followed")
	}
	if a := o.report(p, permits.Event{ID: "1", Type: permits.Ended, CallRef: "c"}); a.Status != 201 {
		t.Errorf("%+v", a)
	}
}

func TestCheckCallback(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://dialer.example/revoked": true, "http://127.0.0.1:8080/x": true, "http://localhost/x": true, "http://[::1]/x": true,
		"http://dialer.example/": false, "ftp://dialer.example/": false, "https://": false, "dialer.example": false, "": false,
		"https://user:secret@dialer.example/": false, "http://127.0.0.1.example/": false, "http://10.0.0.1/": false,
		"https://169.254.169.254/latest": false, "https://[fe80::1]/": false, "https://[::ffff:169.254.169.254]/": false, "https://0.0.0.0/": false, "https://10.0.0.1/": true,
		"https://dialer.example/" + strings.Repeat("x", 2000): false,
	} {
		if err := permits.CheckCallback(address); (err == nil) != ok {
			t.Errorf("%.60s: %v", address, err)
		}
	}
}
