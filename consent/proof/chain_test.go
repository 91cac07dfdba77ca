package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

func mustNumber(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

// fullFact has every field filled, so that none is forgotten on the way.
func fullFact() consent.Fact {
	at := time.Date(2026, 11, 22, 18, 0, 0, 123456000, time.UTC)
	return consent.Fact{
		Type: consent.Grant, Number: mustNumber("+14155550142"), Seller: "riverbend", OccurredAt: at,
		OccurredOn: "2026-11-22",
		Source:     "web_form", Actor: "api", Note: "a note",
		Tier: consent.Written, Purposes: []consent.Purpose{consent.Informational}, Channels: []string{consent.VoiceAI},
		Evidence: &consent.Evidence{Method: "a", Text: "b", URL: "c", IP: "d", UserAgent: "e", Signature: "f",
			VerifiedBy: "g"},
		Scope: consent.AllAutomated, List: consent.ListState, VersionDate: "2026-11-01", Result: consent.No,
		LineType: "wireless", State: "CA", Zone: "America/Los_Angeles", Reassigned: consent.No, DateParam: "2026-11-02",
		Facility: true, Litigator: true,
		NotBefore: &at, After: "09:00", Before: "17:00",
		CallID: "call_1", Agent: "reminders", From: "+14155550100", Purpose: consent.Informational, Marketing: true,
		Subject: "appointment", Stage: consent.StageDial,
		Decision: &consent.Decision{Outcome: consent.Deny, Policy: "sha256:1", AsOf: 4, EvaluatedAt: at, NotBefore: &at,
			Duties: []consent.Result{},
			Results: []consent.Result{{Rule: "revoked", Jurisdiction: "US", Status: consent.Fail,
				Effect: consent.EffectBlock, Reason: "said stop", Citation: "47 CFR", Facts: []int64{1}},
				{Rule: "hours", Jurisdiction: "US", Status: consent.Pass, Effect: consent.EffectDefer, Reason: "it is noon"}}},
		PermitID: "permit_1", PermitStatus: consent.PermitEnded, ExpiresAt: at, Outcome: "caller_hung_up", FirstAudioMS: 640,
		Abandoned:  true,
		TextSHA256: "00", Trigger: "speech", Words: "stop it", Why: "asked", Name: "a matter",
		Inputs: json.RawMessage(`{"request":{}}`), Via: consent.ViaAPI, By: "dana@riverbend", Renews: 3,
		Reason: "signed a new form", Attestation: "TN-Validation-Passed-A",
		Rows: &consent.Rows{From: 1, To: 9, Head: "00"}, Key: "crm", Right: "export", Route: "GET /v1/consent/export",
		About: "crm-2", Person: "00",
	}
}

func compose(t testing.TB, prev Row, f consent.Fact) (Row, []byte) {
	t.Helper()
	private, err := Private(f, "salt")
	if err != nil {
		t.Fatal(err)
	}
	r := Row{Seq: prev.Seq + 1, Prev: prev.Hash, RecordedAt: time.Date(2026, 11, 22, 18, 0, int(prev.Seq), 5000,
		time.UTC), Token: Leaf([]byte(f.Number.E164())), Type: f.Type, Seller: f.Seller, Mark: MarkOf(f)}
	if err := r.Compose(f, Sealed{"id", "key", []byte("sealed"), Leaf(private).String()}, "v1"); err != nil {
		t.Fatal(err)
	}
	return r, private
}

func TestAFactComesBackFromItsBody(t *testing.T) {
	f := fullFact()
	for i := range reflect.TypeFor[consent.Fact]().NumField() {
		if name := reflect.TypeFor[consent.Fact]().Field(i).Name; reflect.ValueOf(f).Field(i).IsZero() && name != "Seq" &&
			name != "Hash" && name != "RecordedAt" {
			t.Errorf("the test leaves %s empty", name)
		}
	}
	r, private := compose(t, Row{}, f)
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	s, err := ReadBody(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := Impersonal(f)
	want.Seq, want.RecordedAt = r.Seq, r.RecordedAt
	want.Decision.Seq = r.Seq
	if !reflect.DeepEqual(s.Fact, want) {
		t.Errorf("without what is personal it is\n%+v, want\n%+v", s.Fact, want)
	}
	if err := s.Reveal(private); err != nil {
		t.Fatal(err)
	}
	want = f
	want.Seq, want.RecordedAt = r.Seq, r.RecordedAt
	d := *f.Decision
	d.Seq = r.Seq
	want.Decision = &d
	if !reflect.DeepEqual(s.Fact, want) {
		t.Errorf("it is\n%+v, want\n%+v", s.Fact, want)
	}
	if err := s.Reveal(append(private, ' ')); err == nil {
		t.Error("what is personal was changed, and is taken")
	}
	for _, secret := range []string{"4155550142", "a note", "CA", "Los_Angeles", "appointment", "said stop", "stop it",
		"noon", "a matter", `"a"`} {
		if bytes.Contains(r.Body, []byte(secret)) {
			t.Errorf("the body shows %q: %s", secret, r.Body)
		}
	}
}

// The formula, as the README of an export has it.
func TestTheHashIsOneThatAnybodyCanMake(t *testing.T) {
	r, _ := compose(t, Row{}, fullFact())
	text := "patchcord consent ledger 1\n" + strings.Repeat("00", 32) + "\n" + fmt.Sprintf("%x",
		sha256.Sum256(r.Body)) + "\n"
	if want := Sum(sha256.Sum256([]byte(text))); r.Hash != want {
		t.Errorf("the hash is %s, want %s", r.Hash, want)
	}
}

func TestARowIsHeldToItself(t *testing.T) {
	first, _ := compose(t, Row{}, fullFact())
	second, _ := compose(t, first, fullFact())
	tests := []struct {
		name   string
		change func(*Row)
		want   error
	}{
		{"nothing", func(*Row) {}, nil},
		{"seq", func(r *Row) { r.Seq++ }, ErrRowSeq},
		{"prev", func(r *Row) { r.Prev[3] ^= 1 }, ErrRowPrev},
		{"hash", func(r *Row) { r.Hash[31] ^= 1 }, ErrRowHash},
		{"recorded_at", func(r *Row) { r.RecordedAt = r.RecordedAt.Add(time.Microsecond) }, ErrRowColumns},
		{"token", func(r *Row) { r.Token[0] ^= 1 }, ErrRowColumns},
		{"type", func(r *Row) { r.Type = consent.Revoke }, ErrRowColumns},
		{"seller", func(r *Row) { r.Seller = `riverbend","x":"` }, ErrRowColumns},
		{"mark", func(r *Row) { r.Mark = MarkStop }, ErrRowColumns},
		{"the end of the body", func(r *Row) { r.Body = append(bytes.Clone(r.Body), ' ') }, ErrRowHash},
		{"all of the body", func(r *Row) { r.Body = nil }, ErrRowColumns},
	}
	for _, test := range tests {
		c := Chain{}
		if err := c.Next(&first); err != nil {
			t.Fatal(err)
		}
		r := second
		test.change(&r)
		if err := c.Next(&r); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if want := int64(2); test.want != nil && c.Seq != 1 || test.want == nil && c.Seq != want {
			t.Errorf("%s: the chain is at %d", test.name, c.Seq)
		}
	}
	// A row that was written properly, with a clock that ran backwards.
	r := Row{Seq: 3, Prev: second.Hash, RecordedAt: second.RecordedAt.Add(-time.Microsecond), Type: consent.Grant}
	if err := r.Compose(consent.Fact{Type: consent.Grant}, Sealed{}, ""); err != nil {
		t.Fatal(err)
	}
	c := Chain{Seq: 2, Hash: second.Hash, at: second.RecordedAt}
	if err := c.Next(&r); !errors.Is(err, ErrRowClock) {
		t.Errorf("a clock that ran backwards: %v", err)
	}
}

// Rows of the first version are still read; of no other but the second.
func TestVersionsOfABody(t *testing.T) {
	for version, want := range map[string]error{"1": nil, "2": nil, "3": ErrRowColumns, "x": ErrRowColumns} {
		r, _ := compose(t, Row{}, fullFact())
		r.Body = append([]byte(`{"v":`+version), r.Body[len(`{"v":2`):]...)
		r.Hash = Link(r.Prev, Leaf(r.Body))
		if err := r.Check(); !errors.Is(err, want) {
			t.Errorf("version %s: %v, want %v", version, err, want)
		}
	}
}

func TestMarks(t *testing.T) {
	tests := []struct {
		name string
		fact consent.Fact
		want Mark
	}{
		{"a revocation tells live calls", consent.Fact{Type: consent.Revoke}, MarkStop},
		{"so does a do-not-call request", consent.Fact{Type: consent.DNCAdd}, MarkStop},
		{"and an opt-out in another call", consent.Fact{Type: consent.OptOutInCall}, MarkStop},
		{"and a number that is somebody else's now",
			consent.Fact{Type: consent.NumberFact, Reassigned: consent.Yes}, MarkStop},
		{"a number that is not reassigned does not", consent.Fact{Type: consent.NumberFact, Reassigned: consent.No}, ""},
		{"nor does nobody knowing", consent.Fact{Type: consent.NumberFact, Reassigned: consent.NoData}, ""},
		{"a grant does not", consent.Fact{Type: consent.Grant}, ""},
		{"a permit is no answered call", consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitMinted}, ""},
		{"nor is one that was released",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitReleased, Outcome: "failed"}, ""},
		{"a call that the person ended was answered",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded,
				Outcome: "caller_hung_up"}, MarkAnswered},
		{"a machine is nobody",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded, Outcome: "voicemail"}, ""},
		{"a call that nobody took was not answered",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded, Outcome: "no_answer"}, ""},
		{"a call that failed before a word was not answered",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded, Outcome: "failed"}, ""},
		{"a call that failed behind the first word was",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded,
				Outcome: "failed", FirstAudioMS: 900}, MarkAnswered},
		{"a call that began too late was abandoned",
			consent.Fact{Type: consent.Permitted, PermitStatus: consent.PermitEnded,
				Outcome: "caller_hung_up", Abandoned: true}, MarkAbandoned},
	}
	for _, test := range tests {
		if got := MarkOf(test.fact); got != test.want {
			t.Errorf("%s: the mark is %q, want %q", test.name, got, test.want)
		}
	}
}

func TestQuotedIsJSON(t *testing.T) {
	for _, s := range []string{"", "riverbend", `a "quote"`, `back\slash`, "nul \x00", "Zoë", "<&>", "\u2028", "\x7f"} {
		if got, want := string(appendQuoted(nil, s)), mustJSON(t, s); got != want {
			t.Errorf("%q is quoted as %s, want %s", s, got, want)
		}
	}
}

// The check of a row is what Verify does a million times.
func TestCheckingARowAllocatesNothing(t *testing.T) {
	first, _ := compose(t, Row{}, fullFact())
	if n := testing.AllocsPerRun(100, func() {
		var c Chain
		if err := c.Next(&first); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("it allocates %v times", n)
	}
}

func BenchmarkChain(b *testing.B) {
	row, _ := compose(b, Row{}, fullFact())
	for b.Loop() {
		var c Chain
		if err := c.Next(&row); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
