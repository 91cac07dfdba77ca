package postgres_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// The ledgers whose exports a stranger has to be able to check, and which of their rows are forged.
var exportable = map[string]struct {
	make   func(*testing.T) (*postgres.Ledger, phone.Number)
	forges []int64
}{
	"old rows and new ones": {func(t *testing.T) (*postgres.Ledger, phone.Number) {
		l := openBefore(t, before(t), beforeConfig(t))
		dana := subscribed(t, 1)
		decided := decision(dana, 12)
		at := time.Date(2026, 11, 3, 9, 0, 0, 120_000_000, time.UTC)
		decided.Decision.NotBefore = &at
		record(t, l, grant(dana), decided, revoke(dana), grant(person(2)), everything(dana))
		return l, dana
	}, []int64{1, 17, 19, 20, 24}}, // a grant, an erasure, the upgrade, and two of the new
	"people who were erased": {func(t *testing.T) (*postgres.Ledger, phone.Number) {
		l := openBefore(t, before(t), beforeConfig(t))
		record(t, l, grant(person(1)), decision(person(1), 12), revoke(person(1)), everything(person(1)))
		for _, n := range []phone.Number{person(1), subscribed(t, 2), person(3)} { // of whom the last was never heard
			if _, err := l.Erase(t.Context(), n, "asked for it"); err != nil {
				t.Fatal(err)
			}
			record(t, l, revoke(n))
		}
		if _, err := l.Erase(t.Context(), person(1), "asked again"); err != nil {
			t.Fatal(err)
		}
		record(t, l, revoke(person(1)))
		return l, person(1)
	}, []int64{17, 21, 23, 24}},
	"a policy that allows more": {func(t *testing.T) (*postgres.Ledger, phone.Number) {
		l := openLedger(t, postgrestest.New(t))
		policy, err := consent.LoadPolicy([]byte("name: wider\nswitched_off: [hours]\nallow_states: {NY: {approved_by: \"J. Doe <j@x>\", reason: \"they’ve “asked” & we said yes\", expires: 2099-06-30}}\n" +
			"caps: {per_day: 2, approved_by: J. Doe, reason: asked for, expires: 2099-06-30}\n"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := consent.PolicyText(policy)
		if err != nil {
			t.Fatal(err)
		}
		seller := consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", Keys: []string{"old", "riverbend"}, Names: []string{"old", "riverbend"}, Known: []string{"old", "riverbend"}}
		g := &consent.Gate{Ledger: l, Policy: policy}
		if err := g.KeepTexts(t.Context(), text, consent.SellerText(seller), consent.OpeningText("Hello <&>.")); err != nil {
			t.Fatal(err)
		}
		dana, err := phone.Parse("+12122352671")
		if err != nil {
			t.Fatal(err)
		}
		record(t, l, grant(dana))
		var denied *consent.DeniedError
		if _, _, err := g.Clear(t.Context(), consent.Request{To: dana, Agent: "reminders", Seller: seller, Purpose: consent.Telemarketing, Location: consent.Location{State: "NY", Zone: "America/New_York"}}); !errors.As(err, &denied) {
			t.Fatal(err)
		}
		record(t, l, revoke(dana))
		return l, dana
	}, []int64{1, 2, 4, 5}},
}

// everything is a fact in which no field is left out.
func everything(n phone.Number) consent.Fact {
	at := time.Date(2026, 11, 3, 9, 0, 0, 100_000, time.UTC)
	f := decision(n, 9)
	f.Type, f.OccurredAt, f.Via, f.By, f.Note = consent.Preference, at, consent.ViaAPI, "Ana", "a\u2028note"
	f.Tier, f.Purposes, f.Channels, f.Evidence = consent.Written, consent.Purposes, []string{consent.VoiceAI, "sms"}, grant(n).Evidence
	f.Renews, f.Reason, f.Attestation, f.Scope, f.List, f.VersionDate, f.Result = 1, "why <not>", "TN-Validation-Passed-A", consent.ScopeSeller, "dnc_state", "2026-11-01", "no"
	f.LineType, f.State, f.Zone, f.Reassigned, f.DateParam, f.Facility, f.Litigator = "wireless", "NY", "America/New_York", consent.No, "2026-10-01", true, true
	f.NotBefore, f.After, f.Before, f.From, f.Marketing = &at, "09:00", "17:00", "+12122350100", true
	f.Inputs = json.RawMessage(`{"b":1.50,"a":[1e3,"ü",null]}`)
	f.PermitID, f.PermitStatus, f.ExpiresAt, f.Outcome, f.FirstAudioMS, f.Abandoned = "permit_1", consent.PermitEnded, at, "busy", 7, true
	f.TextSHA256, f.Trigger, f.Words, f.Why, f.Rows = "ab", "speech", "stop \U0001F600", "because", &consent.Rows{From: 1, To: 2, Head: "cd"}
	return f
}

// finding is what the script says of a bundle, and what we say.
type finding struct {
	Says         string `json:"says"`
	Script       bool   `json:"script"`
	we           bool
	filter, text string
}

// runAll runs the script of each folder that it is given, as it would run by itself.
const runAll = `
import contextlib, io, json, os, runpy, sys
for name in sorted(os.listdir(".")):
    out, code = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(os.path.join(name, "verify.py"), run_name="__main__")
        except SystemExit as e:
            code = e.code
        except Exception as e:
            code = "it breaks off: " + repr(e)
    print(json.dumps({"name": name, "script": code is None, "says": out.getvalue() + str(code or "")}))
`

// check checks bundles, by the script and by our own program.
func check(t *testing.T, all map[string]*finding, anchors []byte) {
	t.Helper()
	dir := t.TempDir()
	for name, f := range all {
		b := proof.Bundle{Records: func(w io.Writer) error { _, err := io.WriteString(w, f.text); return err }, Anchors: bytes.NewReader(anchors), Manifest: proof.Manifest{Filter: f.filter}}
		folder := filepath.Join(dir, name)
		if err := proof.WriteBundleFolder(folder, b); err != nil {
			t.Fatal(err)
		}
		r, err := proof.VerifyBundle(os.DirFS(folder))
		if err != nil {
			t.Fatal(err)
		}
		f.we = r.OK
	}
	cmd := exec.CommandContext(t.Context(), python(), "-c", runAll)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range bytes.Lines(out) {
		var of struct{ Name string }
		if err := errors.Join(json.Unmarshal(line, &of), json.Unmarshal(line, all[of.Name])); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		found++
	}
	if found != len(all) {
		t.Fatalf("the script was run on %d of %d", found, len(all))
	}
}

func TestTheScriptChecksEveryExport(t *testing.T) {
	t.Parallel()
	for name, x := range exportable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, n := x.make(t)
			folder := t.TempDir()
			if err := l.Anchor(t.Context(), folder); err != nil {
				t.Fatal(err)
			}
			anchors, err := os.ReadFile(filepath.Join(folder, "anchors.ndjson"))
			if err != nil {
				t.Fatal(err)
			}
			if r := verify(t, l); !r.OK {
				t.Fatalf("the ledger itself: %+v", r)
			}
			all := map[string]*finding{}
			for asked, filter := range map[string]proof.ExportFilter{"": {}, "number=one&linked=true": {Number: n, Linked: true}, "number=one": {Number: n},
				"sealed=true": {Sealed: true}, "seller=riverbend": {Seller: "riverbend"}, "to=5": {To: 5}} {
				all["asked "+asked] = &finding{filter: asked, text: string(export(t, l, filter))}
			}
			whole := all["asked "].text
			for what, forged := range forgeries(t, whole, x.forges) {
				all[what] = &finding{text: forged}
			}
			check(t, all, anchors)
			for what, f := range all {
				honest := strings.HasPrefix(what, "asked ")
				switch {
				case !honest && f.text == whole:
					t.Errorf("%s: nothing was changed", what)
				case f.Script != honest || f.we != honest || strings.Contains(f.Says, "NOT OK: ") == honest:
					t.Errorf("%s: the script says OK %t, we say OK %t: %s", what, f.Script, f.we, f.Says)
				}
			}
		})
	}
}

// forgeries is an export, changed in every way that somebody may try who has the files alone.
func forgeries(t *testing.T, whole string, rows []int64) map[string]string {
	t.Helper()
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	all := map[string]string{
		"a row out and the rest linked again": relinked(t, slices.Delete(slices.Clone(lines), 2, 3), 2),
		"the end cut off":                     strings.Join(lines[:len(lines)-1], ""),
		"a row twice":                         whole + lines[len(lines)-1],
		"a line that is none":                 whole + "{]\n",
		"an empty record":                     whole + "{}\n",
		"a name that no record has":           strings.Replace(whole, `"prev":`, `"note":"granted","prev":`, 1),
		"a fact beside the fact":              strings.Replace(whole, `"fact":`, `"fact":{"type":"grant"},"fact":`, 1),
		"a body and a sum in its place":       strings.Replace(whole, `"body":`, `"body_sha256":"`+strings.Repeat("0", 64)+`","body":`, 1),
	}
	for _, seq := range rows {
		i := seq - 1
		line := lines[i]
		with := func(changed string) string {
			return strings.Join(lines[:i], "") + changed + strings.Join(lines[i+1:], "")
		}
		e := readLine(t, line)
		kind := typeOf(t, e)
		source := strings.Replace(line, `\"occurred_at\":\"2026`, `\"occurred_at\":\"2025`, 1)
		all["the body of a "+kind] = with(source)
		all["body and fact of a "+kind+", linked again"] = relinked(t, strings.SplitAfter(strings.TrimSuffix(with(strings.ReplaceAll(source, `"occurred_at":"2026`, `"occurred_at":"2025`)), "\n"), "\n"), int(i))
		all["the fact of a "+kind] = with(strings.Replace(line, `"type":"`+kind+`"`, `"type":"grants"`, 1))
		all["a fact taken from a "+kind] = with(encoded(t, proof.Exported{Seq: e.Seq, Prev: e.Prev, Hash: e.Hash, Body: e.Body, Private: e.Private}))
		if e.Private != "" {
			all["a word of what is personal in a "+kind] = with(strings.Replace(line, `\"salt\":\"`, `\"salt\":\"0`, 1))
			all["what is personal taken from a "+kind] = with(erasedLine(t, e))
		}
		if kind == string(consent.Erased) {
			sum := sha256.Sum256([]byte(e.Body))
			all["an erasure withheld"] = with(encoded(t, proof.Exported{Seq: e.Seq, Prev: e.Prev, Hash: e.Hash, BodySum: hex.EncodeToString(sum[:])}))
		}
	}
	return all
}

func readLine(t *testing.T, line string) (e proof.Exported) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func typeOf(t *testing.T, e proof.Exported) string {
	t.Helper()
	s, err := proof.ReadBody([]byte(e.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(s.Fact.Type)
}

func encoded(t *testing.T, e proof.Exported) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// erasedLine is a record as it would be if its person had been erased.
func erasedLine(t *testing.T, e proof.Exported) string {
	t.Helper()
	s, err := proof.ReadBody([]byte(e.Body))
	if err != nil {
		t.Fatal(err)
	}
	s.Fact.Hash = e.Hash
	e.Private = ""
	if e.Fact, err = consent.Encode(s.Fact); err != nil {
		t.Fatal(err)
	}
	return encoded(t, e)
}

// relinked is records whose hashes were computed again from one on, as by somebody who has the
// files and no anchor.
func relinked(t *testing.T, lines []string, from int) string {
	t.Helper()
	out := slices.Clone(lines)
	for i := from; i < len(lines); i++ {
		e := readLine(t, lines[i])
		if i > 0 {
			e.Prev = readLine(t, out[i-1]).Hash
		}
		var prev proof.Sum
		if _, err := hex.Decode(prev[:], []byte(e.Prev)); err != nil {
			t.Fatal(err)
		}
		hash := proof.Link(prev, proof.Leaf([]byte(e.Body))).String()
		e.Fact = bytes.Replace(e.Fact, []byte(e.Hash), []byte(hash), 1)
		e.Hash = hash
		out[i] = encoded(t, e)
	}
	return strings.Join(out, "")
}
