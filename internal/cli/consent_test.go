package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// The first three rows are the texts that a start keeps: the policy and two sellers.
// An erasure is two: who did it, and that it was done.
func TestConsentCommands(t *testing.T) {
	serving(t)
	exits(t, exitDone, []string{"consent", "show", person}, person, "none", "the ledger has no records of this number")
	exits(t, exitDone, []string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational,research", "--source", "phone", "--text", "Yes, call me.", "--verified-by", "call-in"}, "grant recorded as row 4")
	exits(t, exitDone, []string{"consent", "show", "212 235 2671"}, "granted", "express, for informational, research, by voice_ai", "riverbend", "phone")
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "reassigned")
	out := exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend", "--json", "--note", "wrote to us"}).out
	var r consent.Receipt
	if err := json.Unmarshal([]byte(strings.SplitN(out, "\n", 2)[0]), &r); err != nil || r.Seq != 5 || len(r.Hash) != 64 {
		t.Errorf("got %s", out)
	}
	exits(t, exitDone, []string{"consent", "show", person}, "revoked", "dnc_add", "all_automated")
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "DENIED", "revoked", "dnc.internal")
	exits(t, exitRefused, append([]string{"consent", "check", "--json"}, ask(person)...), `"outcome":"deny"`)
	if rows := exits(t, exitDone, []string{"consent", "show", "--json", person}).out; strings.Contains(rows, `"type":"decision"`) {
		t.Errorf("a check was written down: %s", rows)
	}
	exits(t, exitDone, []string{"consent", "erase", person, "--why", "the person asked", "--yes"}, "row 8", "what remains", "backups")
	if rows := exits(t, exitDone, []string{"consent", "show", "--json", person}).out; strings.Contains(rows, "wrote to us") || !strings.Contains(rows, `"revoke"`) {
		t.Errorf("after the erasure: %s", rows)
	}
	exits(t, exitDone, []string{"consent", "verify"}, "OK", "8 rows")
}

func TestExportAndVerify(t *testing.T) {
	b := serving(t)
	b.cleared()
	exits(t, exitDone, []string{"consent", "export"}, "6 rows, verified")
	exits(t, exitFailed, []string{"consent", "export", "cleared.csv"}, "already exists")
	for _, to := range []string{"folder", "file.zip", "file.ndjson"} {
		exits(t, exitDone, []string{"consent", "export", to, "--by", "counsel"}, to+": ", " rows, verified")
		exits(t, exitDone, []string{"consent", "verify", to}, "OK  ", " rows")
	}
	exits(t, exitDone, []string{"consent", "export", "--number", "212-235-2671", "--linked", "one"}, " rows, verified")
	exits(t, exitDone, []string{"consent", "export", "--seller", "harbor", "--linked", "none"}, " rows, verified")
	if out := exits(t, exitDone, []string{"consent", "export", "--sealed", "-"}).out; strings.Contains(out, person) || strings.Count(out, "\n") != 12 { // each export is a row of its own
		t.Errorf("sealed: %s", out)
	}
	for _, name := range []string{"README.txt", "SHA256SUMS", "manifest.json", "records.ndjson", "verify.py"} {
		if _, err := os.Stat(filepath.Join("folder", name)); err != nil {
			t.Error(err)
		}
	}
	manifest, err := os.ReadFile("one/manifest.json")
	if err != nil || strings.Contains(string(manifest), person) {
		t.Errorf("the manifest names the person, or %v", err)
	}
	for _, name := range []string{"file.ndjson", "folder/records.ndjson"} {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, bytes.Replace(whole, []byte("express"), []byte("written"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		exits(t, exitFailed, []string{"consent", "verify", strings.TrimSuffix(name, "/records.ndjson")}, "BROKEN")
	}
	exits(t, exitFailed, []string{"consent", "verify", "--json", "file.ndjson"}, `"ok":false`)
	exits(t, exitUsage, []string{"consent", "export", "--seller", "harbor", "--from", "-1", "--until", "x"})
}

func TestPolicyCommand(t *testing.T) {
	configtest.In(t, map[string]string{"bridge.yaml": benchYAML, "policy.yaml": openHours, "bad.yaml": "name: bad\nswitched_off: [revoked]\ncolour: red\nstates:\n  ZZ: {}\n"})
	out := exits(t, exitDone, []string{"consent", "policy"}, "sha256:", "name: test", "counsel has to approve", "CA:").out
	var doc struct {
		Hash   string
		Policy struct {
			Name   string
			States map[string]any
		}
	}
	if err := json.Unmarshal([]byte(exits(t, exitDone, []string{"consent", "policy", "--json"}).out), &doc); err != nil || doc.Policy.Name != "test" || len(doc.Policy.States) < 50 || !strings.Contains(out, doc.Hash) {
		t.Errorf("as JSON: %v %+v", err, doc)
	}
	exits(t, exitUsage, []string{"consent", "policy", "bad.yaml"}, "revoked", "line 3", "colour", "ZZ")
	exits(t, exitUsage, []string{"consent", "policy", "nowhere.yaml"}, "no such file")
	configtest.In(t, nil)
	exits(t, exitDone, []string{"consent", "policy"}, "name: built-in")
}

func TestDoctorOfTheGate(t *testing.T) {
	b := serving(t)
	b.cleared()
	exits(t, exitDone, []string{"doctor"}, "ok       policy", "test, sha256:", "warning  policy                   switches off emergency, holiday, hours", "ok       ledger", "5 rows", "ok       anchors",
		"seller harbor", "/twilio/sms")
	if err := os.WriteFile("policy.yaml", []byte("switched_off: [revoked]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	exits(t, exitUsage, []string{"doctor"}, "policy", "revoked")
}
