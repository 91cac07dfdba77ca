package postgres_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Whatever a caller, an agent or a tool says is stored, and nothing beside it is lost: what
// Postgres can't hold has a mark in its place.
func TestHostileTextIsStored(t *testing.T) {
	t.Parallel()
	db := postgrestest.Open(t, postgrestest.URL(t))
	for i, in := range hostile.Texts() {
		id := "call_" + strings.Repeat("x", i+1)
		encoded, err := json.Marshal(in.Text)
		if err != nil {
			t.Fatal(err)
		}
		call := calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, TwilioCallSID: id, From: in.Text, To: in.Text, Agent: in.Text, Attestation: in.Text,
			ChatIDs: []string{in.Text}, ChatGroupID: in.Text, Status: calllog.StatusRinging, StartedAt: time.Now(), Variables: map[string]string{"a": in.Text, `b\u0000` + in.Text: `\\u0000`}}
		entry := calllog.Entry{Seq: 1, Kind: calllog.KindTool, Text: in.Text, Name: in.Text, Arguments: encoded, Result: in.Text + `\u0000 \\u0000`}
		if err := db.Calls().Apply(t.Context(), []calllog.Change{{CallID: id, Call: &call}, {CallID: id, Entry: &entry}}); err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		got, err := db.Calls().Get(t.Context(), id)
		if err != nil || len(got.Entries) != 1 {
			t.Fatalf("%s: %+v, %v", in.Name, got, err)
		}
		held := utf8.ValidString(in.Text) && !strings.Contains(in.Text, "\x00")
		if e := got.Entries[0]; held && (e.Text != in.Text || got.From != in.Text || got.Variables["a"] != in.Text) || !strings.HasSuffix(e.Result, `\u0000 \\u0000`) {
			t.Errorf("%s: %q becomes %q, %q", in.Name, in.Text, e.Text, e.Result)
		} else if !held && (!strings.Contains(e.Text, "\ufffd") || !strings.Contains(got.From, "\ufffd")) {
			t.Errorf("%s: no mark in %q, %q", in.Name, e.Text, got.From)
		}
	}
}
