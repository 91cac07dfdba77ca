package service

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// The statements of the version before steps, which serves beside this one during a rolling
// deploy.
const (
	oldSet = `insert into call_next (call_sid, document) values ($1, $2)
		on conflict (call_sid) do update set document = excluded.document, created_at = excluded.created_at`
	oldTake = `delete from call_next where call_sid = $1 and created_at >= now() - interval '10 minutes'
		returning document`
)

// sorted is the characters of a document in an order of their own: that of its attributes is
// another each time it is written.
func sorted(document string) string { return string(slices.Sorted(slices.Values([]byte(document)))) }

func TestSharedSteps(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	documents := twiliocarrier.Documents{PublicURL: "https://voice.example.test"}
	shared := SharedSteps{DB: postgrestest.Open(t, url), Documents: documents}
	old, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close(t.Context())
	to, err := phone.Parse("+14155550199")
	if err != nil {
		t.Fatal(err)
	}
	set := func(id carrier.CallID, s carrier.Step) {
		t.Helper()
		if err := shared.SetNext(t.Context(), id, s); err != nil {
			t.Fatal(err)
		}
	}
	take := func(id carrier.CallID, want carrier.Step) {
		t.Helper()
		if got, found, err := shared.TakeNext(t.Context(), id); err != nil || found != (want != nil) || got != want {
			t.Errorf("%s follows %#v, %t, %v, want %#v", id, got, found, err, want)
		}
	}
	oldSets := func(id, document string) {
		t.Helper()
		if _, err := old.Exec(t.Context(), oldSet, id, document); err != nil {
			t.Fatal(err)
		}
	}
	oldTakes := func(id string, s carrier.Step) {
		t.Helper()
		want, err := documents.Write(s)
		if err != nil {
			t.Fatal(err)
		}
		var document string
		err = old.QueryRow(t.Context(), oldTake, id).Scan(&document)
		if err != nil || sorted(document) != sorted(want) {
			t.Errorf("the older version answers %q, %v, want %q", document, err, want)
		}
	}

	for _, s := range []carrier.Step{carrier.HangUp{}, carrier.Say{Text: "Sorry.", Then: "+14155550199"},
		carrier.Connect{Token: "t", Digits: "1"}, carrier.Document{Text: "<Response/>"},
		carrier.Transfer{To: to, CallerID: "+14155550100", Ring: 25 * time.Second, Call: "call_1", Try: 1, Screened: true},
		carrier.Screen{Text: "A call for you.", Call: "call_1", Try: 1, Patience: 5 * time.Second}} {
		set("CA1", s)
		take("CA1", s)
		take("CA1", nil)
		set("CA1", s)
		oldTakes("CA1", s)
	}

	const left = `<Response><Say>Left by the older version.</Say></Response>`
	oldSets("CA2", left)
	take("CA2", carrier.Document{Text: left})
	set("CA3", carrier.HangUp{})
	oldSets("CA3", left) // over ours, whose step stays
	take("CA3", carrier.Document{Text: left})
	oldSets("CA4", left)
	set("CA4", carrier.HangUp{})
	take("CA4", carrier.HangUp{})

	// A step of a newer version, with a document for this one.
	if _, err := old.Exec(t.Context(),
		"insert into call_next (call_sid, document, step, step_of) values ('CA5', $1, $2, sha256(convert_to($1, 'UTF8')))",
		left, `{"version":2,"kind":"queue"}`); err != nil {
		t.Fatal(err)
	}
	take("CA5", carrier.Document{Text: left})
	if err := shared.SetNext(t.Context(), "CA6", carrier.Connect{Digits: "x"}); err == nil {
		t.Error("a step is kept that Twilio would refuse")
	}
}
