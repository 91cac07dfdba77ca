package lookup_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/phone"
)

// stage is the gate with the policy as it is shipped, but for the hours; a ledger in
// memory; and an endpoint for each kind that a test wants.
type stage struct {
	*testing.T
	gate   *consent.Gate
	ledger *consenttest.Ledger
	log    *bytes.Buffer
	web    *httptest.Server

	mu    sync.Mutex
	asked []string // kind, body
}

// anchored is a ledger whose head was written down elsewhere just now.
type anchored struct{ *consenttest.Ledger }

func (a anchored) Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	list, err := a.Ledger.Snapshot(ctx, numbers...)
	for i := range list {
		list[i].AnchoredAt = time.Now()
	}
	return list, err
}

func (a anchored) Transact(ctx context.Context, n phone.Number,
	decide func(consent.Snapshot) []consent.Fact) ([]consent.Receipt, error) {
	return a.Ledger.Transact(ctx, n, func(s consent.Snapshot) []consent.Fact {
		s.AnchoredAt = time.Now()
		return decide(s)
	})
}

func open(t *testing.T, answer http.HandlerFunc, kinds ...lookup.Kind) *stage {
	t.Helper()
	policy, err := consent.LoadPolicy([]byte("name: any hour\nswitched_off: [hours, holiday, emergency]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{T: t, ledger: &consenttest.Ledger{}, log: &bytes.Buffer{}}
	s.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		body.ReadFrom(http.MaxBytesReader(w, r.Body, 1<<20))
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path+" "+body.String())
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.web.Close)
	s.gate = &consent.Gate{Ledger: anchored{s.ledger}, Policy: policy}
	endpoints := map[lookup.Kind]lookup.Endpoint{}
	for _, k := range kinds {
		endpoints[k] = lookup.Endpoint{URL: s.web.URL + "/" + string(k),
			Headers: map[string]string{"Authorization": "Bearer secret"}}
	}
	s.look(endpoints)
	return s
}

// look puts the look-ups before the gate.
func (s *stage) look(endpoints map[lookup.Kind]lookup.Endpoint) {
	s.Helper()
	service, err := lookup.New(lookup.Config{Endpoints: endpoints, Gate: s.gate, Logger: zerolog.New(s.log)})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(service.Close)
	s.gate.LookUp = service.Before
}

func (s *stage) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func numberOf(t testing.TB, text string) phone.Number {
	t.Helper()
	n, err := phone.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// agreed records a consent of ten days ago.
func (s *stage) agreed(purposes ...consent.Purpose) (date string) {
	s.Helper()
	at := time.Now().UTC().AddDate(0, 0, -10)
	_, err := s.ledger.Record(s.Context(), consent.Fact{Type: consent.Grant, Number: numberOf(s, callee),
		Seller: "riverbend", OccurredAt: at, Source: "web_form", Tier: consent.Written,
		Purposes: purposes, Channels: []string{consent.VoiceAI}, Evidence: &consent.Evidence{Method: "web_form",
			Text: "I agree that Riverbend Dental LLC may call me at " + callee + " with an artificial or prerecorded " +
				"voice and automatic dialing, " +
				"with news and offers, too. My agreement is not a condition of any purchase.",
			URL: "https://riverbend.example/book", Signature: "ticked", VerifiedBy: "one-time code", IP: "192.0.2.1"}})
	if err != nil {
		s.Fatal(err)
	}
	return at.Format(time.DateOnly)
}

func (s *stage) request(purpose consent.Purpose) consent.Request {
	us := numberOf(s, "+16282350100")
	return consent.Request{CallID: "call_1", To: numberOf(s, callee), From: us, FromSeller: "riverbend",
		Agent: "reminders", Purpose: purpose, Subject: "visit",
		Seller: consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental",
			Callback: us, TollfreeOptout: numberOf(s, "+18002350123")},
		Location: consent.Location{State: "NY", Zone: "America/New_York"}}
}

// clear asks the gate, and returns how it decided.
func (s *stage) clear(purpose consent.Purpose) consent.Decision {
	s.Helper()
	_, d, _ := s.gate.Clear(s.Context(), s.request(purpose))
	if d.Outcome == "" {
		s.Fatal("nothing was decided")
	}
	return d
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// record adds a fact about the person, of now if it says no other time.
func (s *stage) record(f consent.Fact) {
	s.Helper()
	f.Number, f.Seller = numberOf(s, callee), "riverbend"
	if f.OccurredAt.IsZero() {
		f.OccurredAt = time.Now()
	}
	if _, err := s.ledger.Record(context.Background(), f); err != nil {
		s.Fatal(err)
	}
}
