package permits_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// office is a service on a real ledger, with a clock that a test turns.
type office struct {
	*testing.T
	service *permits.Service
	ledger  *postgres.Ledger
	gate    *consent.Gate
	restart func(sellers map[string]consent.Seller)
	adding  func() // before a permit is kept; may be nil
	away    error  // what the store answers to reports

	mu  sync.Mutex
	off time.Duration // of the clock
}

func open(t *testing.T) *office {
	t.Helper()
	db := postgrestest.New(t)
	ledger, err := db.Ledger(t.Context(), postgres.LedgerConfig{TokenKey: bytes.Repeat([]byte{1}, 32),
		WrapKey: bytes.Repeat([]byte{2}, 32), MACKey: bytes.Repeat([]byte{4}, 32), Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ledger.Close)
	policy, err := consent.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, ledger: ledger}
	o.gate = &consent.Gate{Ledger: ledger, Policy: refusals{policy}, Now: o.now}
	o.restart = func(sellers map[string]consent.Seller) {
		o.service, err = permits.New(permits.Config{Gate: o.gate, Store: store{db.Permits(), o}, Key: bytes.Repeat([]byte{3}, 32),
			Sellers: sellers, Secrets: secrets, Now: o.now, Log: zerolog.Nop()})
		if err != nil {
			t.Fatal(err)
		}
	}
	o.restart(map[string]consent.Seller{"riverbend": seller})
	return o
}

// store is one before which something else may happen.
type store struct {
	permits.Store
	o *office
}

func (s store) AddPermit(ctx context.Context, r permits.Record) error {
	if s.o.adding != nil {
		s.o.adding()
	}
	return s.Store.AddPermit(ctx, r)
}

func (s store) ReportPermit(ctx context.Context, id, event string, f func(*permits.Record, *permits.Claim) (*permits.Claim, error)) error {
	if s.o.away != nil {
		return s.o.away
	}
	return s.Store.ReportPermit(ctx, id, event, f)
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Now().Add(o.off)
}

func (o *office) turn(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.off += d
}

// run does what is due, and hears what the ledger says of refusals, until the test ends.
func (o *office) run() {
	o.beside(o.service.Run, func(ctx context.Context) { _ = o.ledger.Watch(ctx, o.service.Revoked) }) // it ends with ctx
}

// deaf is run without hearing what the ledger says.
func (o *office) deaf() { o.beside(o.service.Run) }

func (o *office) beside(list ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, f := range list {
		wg.Go(func() { f(ctx) })
	}
	o.Cleanup(func() {
		cancel()
		wg.Wait()
	})
}

// refusals is the built-in policy of which only the rules about refusals stand in the
// way: the others are looked at by a test, or by nobody.
type refusals struct{ *consent.Policy }

func (p refusals) Decide(req consent.Request, s consent.Snapshot, now time.Time) consent.Decision {
	d := p.Policy.Decide(req, s, now)
	d.Outcome = consent.Allow
	if rule(d, "revoked").Status == consent.Fail || rule(d, "dnc.internal").Status == consent.Fail {
		d.Outcome = consent.Deny
	}
	return d
}

func rule(d consent.Decision, id string) consent.Result {
	for _, r := range d.Results {
		if r.Rule == id {
			return r
		}
	}
	return consent.Result{}
}

var seller = consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental"}

func request(t testing.TB, to string) consent.Request {
	t.Helper()
	n, err := phone.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return consent.Request{To: n, Agent: "reminders", Seller: seller, Purpose: consent.Informational, Subject: "appointment"}
}

const dana = "+14155550142"

func (o *office) issue(callback string) permits.Issued {
	o.Helper()
	return o.issueFor(dana, callback)
}

func (o *office) issueFor(to, callback string) permits.Issued {
	o.Helper()
	p, _, err := o.service.Issue(o.Context(), request(o, to), callback)
	if err != nil {
		o.Fatal(err)
	}
	return p
}

func (o *office) report(p permits.Issued, e permits.Event) permits.Answer {
	o.Helper()
	if e.At.IsZero() {
		e.At = o.now()
	}
	a, err := o.service.Report(o.Context(), p.ID, e)
	if err != nil {
		o.Fatal(err)
	}
	return a
}

// facts is the rows of a type about the person.
func (o *office) facts(want consent.Type) []consent.Fact {
	o.Helper()
	all, err := o.ledger.History(o.Context(), request(o, dana).To)
	if err != nil {
		o.Fatal(err)
	}
	var list []consent.Fact
	for _, f := range all {
		if f.Type == want {
			list = append(list, f)
		}
	}
	return list
}

// secrets are those of the service: callbacks are signed with each, too.
var secrets = [][]byte{[]byte("the service's newer secret"), []byte("the service's older secret")}
