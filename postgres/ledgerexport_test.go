package postgres_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func export(t testing.TB, l *postgres.Ledger, filter proof.ExportFilter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.Export(t.Context(), &b, filter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// talkative has three people's facts, a decision, and somebody who was erased.
func talkative(t testing.TB, db *postgres.DB) *postgres.Ledger {
	l := openLedger(t, db)
	hard := grant(person(2))
	hard.Evidence.Text = "“I agree” <&> \u2028 \x00 \\u0041 \U0001F600 " + strings.Repeat("and so on ", 100)
	hard.Seller = "Zoë & <Söhne>"
	record(t, l, grant(person(1)), hard, grant(person(3)))
	if _, err := l.Transact(t.Context(), person(1), func(consent.Snapshot) []consent.Fact {
		return []consent.Fact{decision(person(1), 60)}
	}); err != nil {
		t.Fatal(err)
	}
	record(t, l, revoke(person(3)))
	if _, err := l.Erase(t.Context(), person(3), "asked for it"); err != nil {
		t.Fatal(err)
	}
	record(t, l, revoke(person(1)))
	return l
}

func TestAnExportIsVerifiedWithoutTheLedger(t *testing.T) {
	t.Parallel()
	l := talkative(t, postgrestest.New(t))
	tests := []struct {
		name   string
		filter proof.ExportFilter
		want   proof.VerifyResult
	}{
		{"all of it", proof.ExportFilter{}, proof.VerifyResult{OK: true, Rows: 7, First: 1, Last: 7}},
		{"one person", proof.ExportFilter{Number: person(1)}, proof.VerifyResult{OK: true, Rows: 3, First: 1, Last: 7, Gaps: 2}},
		{"one person, linked", proof.ExportFilter{Number: person(1), Linked: true}, proof.VerifyResult{OK: true, Rows: 7, First: 1, Last: 7, Withheld: 4}},
		{"one seller", proof.ExportFilter{Seller: "Zoë & <Söhne>"}, proof.VerifyResult{OK: true, Rows: 1, First: 2, Last: 2, Gaps: 1}},
		{"one person and another seller", proof.ExportFilter{Number: person(1), Seller: "nobody"}, proof.VerifyResult{OK: true}},
		{"a range", proof.ExportFilter{From: 3, To: 5}, proof.VerifyResult{OK: true, Rows: 3, First: 3, Last: 5, Gaps: 1}},
		{"nothing personal", proof.ExportFilter{Sealed: true}, proof.VerifyResult{OK: true, Rows: 7, First: 1, Last: 7}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := export(t, l, test.filter)
			got, err := proof.VerifyExport(bytes.NewReader(b))
			got.Head = ""
			if err != nil || got != test.want {
				t.Errorf("it verifies as %+v, %v; want %+v", got, err, test.want)
			}
			for i, secret := range []string{"1415555", "192.0.2.7", "I agree", "stop calling"} {
				withheld := test.filter.Sealed || i == 0 && test.filter.Seller == "nobody"
				if withheld && bytes.Contains(b, []byte(secret)) {
					t.Errorf("it shows %q", secret)
				}
			}
			for _, secret := range []string{person(3).E164()} {
				if bytes.Contains(b, []byte(secret)) {
					t.Errorf("it shows %q", secret)
				}
			}
			for _, secret := range []string{person(1).E164(), person(2).E164()} {
				if test.filter.Number == person(1) && secret != person(1).E164() && bytes.Contains(b, []byte(secret)) {
					t.Errorf("an export of one person shows another")
				}
			}
		})
	}
}

func TestAnExportThatWasChangedDoesNotVerify(t *testing.T) {
	t.Parallel()
	l := talkative(t, postgrestest.New(t))
	whole := string(export(t, l, proof.ExportFilter{}))
	lines := strings.SplitAfter(whole, "\n")
	tests := map[string]string{
		"a word of a body":     strings.Replace(whole, `\"source\":\"web_form\"`, `\"source\":\"email\"`, 1),
		"a word of a fact":     strings.Replace(whole, `"source":"web_form"`, `"source":"email"`, 1),
		"a word of evidence":   strings.Replace(whole, `I agree to be`, `I refuse to be`, 1),
		"evidence in the fact": strings.Replace(whole, `"ip":"192.0.2.7"`, `"ip":"192.0.2.8"`, 1),
		"a line out":           strings.Join(append([]string{lines[0]}, lines[2:]...), ""), // counted as a gap, see below
		"two lines exchanged":  lines[1] + lines[0] + strings.Join(lines[2:], ""),
		"a line twice":         lines[0] + whole,
		"a line that is none":  whole + "{]\n",
	}
	for name, text := range tests {
		got, err := proof.VerifyExport(strings.NewReader(text))
		if err != nil || got.OK && got.Gaps == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if text == whole {
			t.Errorf("%s: nothing was changed", name)
		}
	}
}

// The commands of the README are run as they stand there, by a stranger's shell.
func TestTheReadmesOwnCommands(t *testing.T) {
	t.Parallel()
	anchors := t.TempDir()
	l := talkative(t, postgrestest.New(t))
	if err := l.Anchor(t.Context(), anchors); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(anchors, "anchors.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	bundle := func(filter proof.ExportFilter) proof.Bundle {
		asked := map[bool]string{true: "linked=true&number=one"}[filter.Linked]
		return proof.Bundle{
			Records:  func(w io.Writer) error { return l.Export(context.Background(), w, filter) },
			Anchors:  bytes.NewReader(file),
			Manifest: proof.Manifest{Title: "all records", ExportedAt: time.Now(), ExportedBy: "a test", Filter: asked},
		}
	}
	head := verify(t, l).Head
	for name, filter := range map[string]proof.ExportFilter{"whole": {}, "one person": {Number: person(1), Linked: true}} {
		dir := filepath.Join(t.TempDir(), "export")
		if err := proof.WriteBundleFolder(dir, bundle(filter)); err != nil {
			t.Fatal(err)
		}
		out := shell(t, dir, readmeCommands(t, dir))
		if strings.Count(out, ": OK\n") != 5 || !strings.Contains(out, "OK: 7 records, from 1 to 7") || !strings.Contains(out, "1 anchors met") || !strings.Contains(out, "head: "+head) {
			t.Errorf("%s: the commands say:\n%s", name, out)
		}
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if a, b := lines[len(lines)-2], lines[len(lines)-1]; a != b || len(a) != 64 {
			t.Errorf("%s: by hand the hash is %s, and should be %s", name, a, b)
		}
		if r, err := proof.VerifyBundle(os.DirFS(dir)); err != nil || !r.OK || r.Head != head {
			t.Errorf("%s: the folder verifies as %+v, %v", name, r, err)
		}
	}

	var zipped bytes.Buffer
	if err := proof.WriteBundle(&zipped, bundle(proof.ExportFilter{})); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(zipped.Bytes()), int64(zipped.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := proof.VerifyBundle(z); err != nil || !r.OK || r.Head != head {
		t.Errorf("the zip verifies as %+v, %v", r, err)
	}
}

// readmeCommands is what stands indented by four blanks in the README.
func readmeCommands(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "README.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var commands strings.Builder
	for line := range strings.Lines(string(b)) {
		if command, ok := strings.CutPrefix(line, "    "); ok && !strings.HasPrefix(command, " ") {
			commands.WriteString(command)
		}
	}
	return commands.String()
}

func shell(t *testing.T, dir, commands string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", commands)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// python is Python itself. Behind its name may be a script that looks for a version first, which costs a second.
var python = sync.OnceValue(func() string {
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "python3"
	}
	return strings.TrimSpace(string(out))
})

// A script that a stranger trusts must find what we find.
func TestTheScriptFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	l := talkative(t, postgrestest.New(t))
	whole := string(export(t, l, proof.ExportFilter{}))
	lines := strings.SplitAfter(whole, "\n")
	for name, text := range map[string]string{
		"a word of a body":    strings.Replace(whole, `\"source\":\"web_form\"`, `\"source\":\"email\"`, 1),
		"a word of evidence":  strings.Replace(whole, `I agree to be`, `I refuse to be`, 1),
		"a word of a fact":    strings.Replace(whole, `"source":"web_form"`, `"source":"email"`, 1),
		"evidence of a fact":  strings.Replace(whole, `"ip":"192.0.2.7"`, `"ip":"192.0.2.8"`, 1),
		"a decision's fact":   strings.Replace(whole, `"decision":{"outcome":"deny"`, `"decision":{"outcome":"allow"`, 1),
		"two lines exchanged": lines[1] + lines[0] + strings.Join(lines[2:], ""),
	} {
		dir := filepath.Join(t.TempDir(), "export")
		err := proof.WriteBundleFolder(dir, proof.Bundle{Records: func(w io.Writer) error { _, err := io.WriteString(w, text); return err }})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), python(), "verify.py")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "NOT OK: line") {
			t.Errorf("%s: %v, %s", name, err, out)
		}
		if r, err := proof.VerifyBundle(os.DirFS(dir)); err != nil || r.OK {
			t.Errorf("%s: the folder verifies as %+v, %v", name, r, err)
		}
	}
}

// Records that are cut off the end are found by an anchor, and ones that are left out in
// the middle make the export one that is not linked, for us and for the script.
func TestAnExportThatIsCut(t *testing.T) {
	t.Parallel()
	l := talkative(t, postgrestest.New(t))
	folder := t.TempDir()
	if err := l.Anchor(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	anchors, err := os.ReadFile(filepath.Join(folder, "anchors.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(export(t, l, proof.ExportFilter{})), "\n"), "\n")
	for _, test := range []struct {
		name, filter, text string
		ok                 bool
		says               string
	}{
		{"whole", "", strings.Join(lines, ""), true, "OK: 7 records"},
		{"the end", "", strings.Join(lines[:6], ""), false, "the newest are missing"},
		{"the end, linked", "linked=true&number=one", strings.Join(lines[:6], ""), false, "the newest are missing"},
		{"the end, as asked", "to=6", strings.Join(lines[:6], ""), true, "OK: 6 records"},
		{"the middle", "number=one", strings.Join(append(lines[:2:2], lines[4:]...), ""), true, "NOT LINKED: 5 records"},
	} {
		dir := filepath.Join(t.TempDir(), "export")
		err := proof.WriteBundleFolder(dir, proof.Bundle{Records: func(w io.Writer) error { _, err := io.WriteString(w, test.text); return err },
			Anchors: bytes.NewReader(anchors), Manifest: proof.Manifest{Filter: test.filter}})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), python(), "verify.py")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if (err == nil) != test.ok || !strings.Contains(string(out), test.says) {
			t.Errorf("%s: the script says %v, %s", test.name, err, out)
		}
		if r, err := proof.VerifyBundle(os.DirFS(dir)); err != nil || r.OK != test.ok || (r.Gaps > 0) != strings.HasPrefix(test.says, "NOT LINKED") {
			t.Errorf("%s: it verifies as %+v, %v", test.name, r, err)
		}
	}
}
