package consent

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// told is a valid fact of each type.
func told() map[Type]Fact {
	list := map[Type]Fact{
		Grant:      granted(),
		Revoke:     fact(Fact{Type: Revoke, Source: "phone", Scope: AllAutomated}),
		DNCAdd:     fact(Fact{Type: DNCAdd, Source: "phone"}),
		DNCRemove:  fact(Fact{Type: DNCRemove, Source: "web_form", Evidence: evidence()}),
		Scrub:      scrubbed(),
		NumberFact: lookedUp(),
		Preference: fact(Fact{Type: Preference, Source: "phone", After: "18:00"}),

		OptOutUnclear: fact(Fact{Type: OptOutUnclear, Source: "sms", Words: "please no"}),
		Resolve: fact(Fact{Type: Resolve, Source: "cli", Via: ViaCLI, Renews: 7, Result: MeantRefusal, By: "Ana",
			Reason: "asked them"}),
	}
	return list
}

func TestFactsThatMayBeTold(t *testing.T) {
	t.Parallel()
	for name, f := range told() {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			if err := f.Validate(noon); err != nil {
				t.Error(err)
			}
		})
	}
	for name, f := range map[string]Fact{
		"a revocation older than its grant": fact(Fact{Type: Revoke, Source: "letter",
			Scope: AllAutomated}, at(given.AddDate(-1, 0, 0))),
		"a revocation from a clock that is an hour off": fact(Fact{Type: Revoke, Source: "sms",
			Scope: AllAutomated}, at(noon.Add(time.Hour))),
		"a grant from a clock that is ten seconds off":            granted(at(noon.Add(10 * time.Second))),
		"a copy of the registry of tomorrow, which it is in Guam": scrubbed(func(f *Fact) { f.VersionDate = noon.AddDate(0, 0, 1).Format(time.DateOnly) }),
		"a number's fact of nobody in particular":                 lookedUp(func(f *Fact) { f.Seller = "" }),
		"off the list by an import, which lifts nothing": fact(Fact{Type: DNCRemove, Source: "csv_import",
			Via: ViaImport, Evidence: evidence()}),
		"a renewal that an operator answers for": granted(renewing(7)),
		"a renewal by text":                      granted(via(ViaSMS), func(f *Fact) { f.Renews = 7 }),
		"a stop for one purpose": fact(Fact{Type: Revoke, Source: "web_form",
			Scope: ScopePurpose, Purposes: []Purpose{Telemarketing}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := f.Validate(noon); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFactsThatMayNot(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100_000)
	for _, x := range []struct {
		name   string
		of     Type
		with   func(*Fact)
		fields string
	}{
		{"a consent without a seller", Grant, func(f *Fact) { f.Seller = "" }, "seller"},
		{"a consent without a number", Grant, func(f *Fact) { f.Number = phone.Number{} }, "number"},
		{"a consent without a time", Grant, func(f *Fact) { f.OccurredAt = time.Time{} }, "occurred_at"},
		{"a consent without a source", Grant, func(f *Fact) { f.Source = " " }, "source"},
		{"a consent without evidence", Grant, func(f *Fact) { f.Evidence = nil }, "evidence"},
		{"a consent without its text", Grant, func(f *Fact) { f.Evidence.Text = "\n" }, "evidence.text"},
		{"a consent without tier, purpose or channel", Grant, func(f *Fact) {
			f.Tier, f.Purposes, f.Channels = "", nil,
				nil
		}, "tier purposes channels"},
		{"a consent of a tier nobody knows", Grant, func(f *Fact) { f.Tier = "implied" }, "tier"},
		{"a consent for a purpose nobody knows", Grant, func(f *Fact) { f.Purposes = []Purpose{Informational, "fun"} },
			"purposes[1]"},
		{"a consent for the same purpose twice", Grant,
			func(f *Fact) { f.Purposes = []Purpose{Informational, Informational} }, "purposes[1]"},
		{"a consent for a channel nobody knows", Grant, func(f *Fact) { f.Channels = []string{"telepathy"} }, "channels[0]"},
		{"a consent dated in the future", Grant, at(noon.Add(31 * time.Second)), "occurred_at"},
		{"a consent from before there was a law", Grant, at(time.Date(1889, 1, 1, 0, 0, 0, 0, time.UTC)), "occurred_at"},
		{"evidence from nowhere", Grant, func(f *Fact) { f.Evidence.IP, f.Evidence.URL = "1.2.3", "consent" },
			"evidence.url evidence.ip"},
		{"evidence without end", Grant, func(f *Fact) {
			f.Evidence.Text, f.Evidence.UserAgent, f.Note = long, long,
				long
		}, "note evidence.text evidence.user_agent"},
		{"text that no database takes", Grant, func(f *Fact) { f.Evidence.Text, f.Source = "a\x00b", "\xff" },
			"source evidence.text"},
		{"a thousand purposes", Grant, func(f *Fact) { f.Purposes = slices.Repeat(f.Purposes, 1000) }, "purposes"},
		{"a consent that says where the person lives", Grant, func(f *Fact) { f.State = "NY" }, "state"},
		{"a row that says its own place in the ledger", Grant, func(f *Fact) {
			f.Seq, f.Hash, f.RecordedAt = 7, "00",
				noon
		}, "seq hash recorded_at"},
		{"a decision smuggled in", Grant, func(f *Fact) { f.Decision, f.PermitID = &Decision{}, "p" }, "decision permit_id"},
		{"a stop of a scope nobody knows", Revoke, func(f *Fact) { f.Scope = "some" }, "scope"},
		{"a stop for a purpose that it does not name", Revoke, func(f *Fact) { f.Scope = ScopePurpose }, "purposes"},
		{"a stop for a subject that it does not name", Revoke, func(f *Fact) { f.Scope = ScopeCategory }, "subject"},
		{"a stop of the next century", Revoke, at(noon.AddDate(100, 0, 0)), "occurred_at"},
		{"off the list by an import that names the entry", DNCRemove, func(f *Fact) {
			f.Via, f.Renews, f.By,
				f.Reason = ViaImport, 7, "Ana", "a file"
		}, "renews"},
		{"a renewal by nobody whom one can read", Grant, func(f *Fact) {
			f.Via, f.Renews, f.By, f.Reason = ViaAPI, 7,
				"\u200b", " \u2060"
		}, "by reason"},
		{"a renewal whose evidence is a sign", Grant, func(f *Fact) { renewing(7)(f); f.Evidence.Text = "." },
			"evidence.text"},
		{"a renewal whose evidence is a time", DNCRemove,
			func(f *Fact) { renewing(7)(f); f.Evidence.Text = "Fri, 20 Nov 2026, 10:15 am EST" }, "evidence.text"},
		{"a resolve by a file", Resolve, func(f *Fact) { f.Via = ViaImport }, "renews"},
		{"a wish that leaves no hour of the day", Preference, func(f *Fact) { f.After, f.Before = "21:00", "08:00" },
			"before"},
		{"a renewal by a voice on a call", Grant, func(f *Fact) { f.Via, f.Renews = ViaCall, 7 }, "renews"},
		{"a renewal by nobody, for no reason", Grant, func(f *Fact) { f.Via, f.Renews = ViaAPI, 7 }, "by reason"},
		{"a renewal of a row before the first", Grant, func(f *Fact) {
			f.Via, f.Renews, f.By, f.Reason = ViaAPI, -1,
				"Ana", "asked"
		}, "renews"},
		{"a stop that names a row", Revoke, func(f *Fact) { f.Renews = 7 }, "renews"},
		{"a consent that vouches for its own number", Grant, func(f *Fact) { f.Attestation = "TN-Validation-Passed-A" },
			"attestation"},
		{"a resolve that says nothing", Resolve, func(f *Fact) { f.Renews, f.Result, f.By, f.Reason = 0, "", "", "" },
			"result renews by reason"},
		{"off the list without evidence", DNCRemove, func(f *Fact) { f.Evidence = nil }, "evidence"},
		{"a scrub without list, result or version", Scrub, func(f *Fact) { f.List, f.Result, f.VersionDate = "", "", "" },
			"list result version_date"},
		{"a scrub of a state's list that names no state", Scrub, func(f *Fact) { f.List = ListState }, "state"},
		{"a scrub of a list of nowhere", Scrub, func(f *Fact) { f.List, f.State = ListState, "ON" }, "state"},
		{"a scrub of the national list in a state", Scrub, func(f *Fact) { f.State = "NY" }, "state"},
		{"a scrub of a list of next year", Scrub, func(f *Fact) { f.VersionDate = "2027-12-01" }, "version_date"},
		{"a scrub on the thirtieth of February", Scrub, func(f *Fact) { f.VersionDate = "2026-02-30" }, "version_date"},
		{"a scrub with a result nobody knows", Scrub, func(f *Fact) { f.Result = "maybe" }, "result"},
		{"a number's fact that says nothing", NumberFact,
			func(f *Fact) { *f = fact(Fact{Type: NumberFact, Source: "x"}) }, "line_type"},
		{"a number's fact with words nobody knows", NumberFact, func(f *Fact) {
			f.LineType, f.State, f.Zone, f.Reassigned = "pigeon", "new york", "Mars/Olympus", "perhaps"
		}, "line_type state zone reassigned"},
		{"the local zone, which is ours and not the person's", NumberFact, func(f *Fact) { f.Zone = "Local" }, "zone"},
		{"an answer to a question nobody knows", NumberFact, func(f *Fact) { f.DateParam = "" }, "date_param"},
		{"a preference that says nothing", Preference, func(f *Fact) { f.After = "" }, "not_before"},
		{"a preference at no time of day", Preference, func(f *Fact) { f.After, f.Before = "6pm", "25:00" }, "after before"},
		{"a type nobody knows", Grant, func(f *Fact) { f.Type = "nonsense" }, "type"},
		{"a type that is the ledger's own", Grant, func(f *Fact) { f.Type = Permitted }, "type"},
		{"a fact that is empty", Grant, func(f *Fact) { *f = Fact{Type: Grant} },
			"number seller occurred_at source tier purposes channels evidence"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			f := told()[x.of]
			x.with(&f)
			err := f.Validate(noon)
			var fields FieldErrors
			if !errors.As(err, &fields) {
				t.Fatalf("%v", err)
			}
			var got []string
			for _, e := range fields {
				got = append(got, e.Field)
			}
			want := strings.Fields(x.fields)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("wrong are %v, want %v: %v", got, want, err)
			}
			if f.Evidence != nil && f.Evidence.Signature != "" && strings.Contains(err.Error(), f.Evidence.Signature) ||
				strings.Contains(err.Error(), dana.E164()[2:]) {
				t.Errorf("the error tells of the person: %v", err)
			}
		})
	}
}

func TestDefaultsOfRefusals(t *testing.T) {
	t.Parallel()
	f := fact(Fact{Type: Revoke, Source: "phone"})
	f.OccurredAt = time.Time{}
	f = f.WithDefaults(noon)
	if f.Scope != AllAutomated || !f.OccurredAt.Equal(noon) {
		t.Errorf("scope %q at %v", f.Scope, f.OccurredAt)
	}
	if err := f.Validate(noon); err != nil {
		t.Error(err)
	}
	g := granted()
	g.OccurredAt = time.Time{}
	if g.WithDefaults(noon).Validate(noon) == nil {
		t.Error("a consent without a time is given one")
	}
}

func FuzzValidate(f *testing.F) {
	for _, x := range told() {
		b, err := Encode(x)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Decode(b)
		if err != nil || x.Validate(noon) != nil {
			return
		}
		out, err := Encode(x)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Validate(noon); err != nil {
			t.Errorf("valid, and not after a round trip: %v", err)
		}
		if second, _ := Encode(again); string(second) != string(out) {
			t.Errorf("a round trip changes it: %s, %s", out, second)
		}
		if !json.Valid(out) {
			t.Error("not JSON")
		}
		d := setup{req: call(), s: ledgerOf(again)}.decide() // whatever is valid can be decided on
		for _, r := range d.Results {
			if strings.Contains(r.Reason, "internal error") {
				t.Errorf("%s panics", r.Rule)
			}
		}
	})
}
