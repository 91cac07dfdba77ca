package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// tree is every file and folder below the working folder: its mode, its time and what is in it.
func tree(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s %s %s", path, info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %q", b)
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The doctor writes nothing: no file, no folder, no mode, no private Postgres, no row. What it lends to a command for its
// temporary files is gone afterwards.
func TestDoctorWritesNothing(t *testing.T) {
	url := postgrestest.URL(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	yaml := strings.Replace(configtest.EnoughYAML, "{seller: s}",
		"{seller: s, record: true, tools: [look, \"m.*\"], opening: {text: \"Hello, this is an AI.\", clip: hello.wav}}", 1) +
		"tools:\n  look: {description: Looks., http: {url: \"http://127.0.0.1:1/\"}}\n" +
		"mcp:\n  m: {command: [sh, offering.sh, offers.json]}\n"
	for name, more := range map[string]string{
		"private":  "",
		"a server": "DATABASE_URL=" + url + "\nBRIDGE_MIGRATE_URL=" + postgrestest.OwnerURL(t, url) + "\n",
		"broken":   "DATABASE_URL=postgres://patchcord@127.0.0.1:1/patchcord\n",
	} {
		files := map[string]string{
			".env":        strings.Replace(configtest.EnoughEnv, "voice.example.com", "127.0.0.1:1", 1) + "TWILIO_API_URL=http://127.0.0.1:1\nHUME_API_URL=http://127.0.0.1:1\n" + more,
			"bridge.yaml": yaml,
			"offering.sh": offeringScript,
			"offers.json": `[{"name":"book","description":"Book a slot.","inputSchema":{"type":"object"}}]`,
			"hello.wav":   string(media.AppendWAV(nil, 8000, 1, make([]int16, 8000))),
		}
		for _, data := range []string{"a new folder", "a folder in use"} {
			if data != "a new folder" {
				files["data/spool/x"] = ""
			}
			configtest.In(t, files)
			before := tree(t)
			exits(t, exitFailed, []string{"doctor"}, "configuration", "database", "ledger", "recordings", "tool look", "PUBLIC_URL", "connected, 1 tool(s)")
			if diff := cmp.Diff(before, tree(t)); diff != "" {
				t.Errorf("%s, %s (-before +after):\n%s", name, data, diff)
			}
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	if begun, err := postgrestest.Open(t, url).LedgerBegun(t.Context()); begun || err != nil {
		t.Errorf("the doctor has begun the ledger: %v", err)
	}
}
