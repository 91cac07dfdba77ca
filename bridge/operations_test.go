package bridge

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

var metricName = regexp.MustCompile(`patchcord_[a-z_]+`)

// family is a metric's name without what a histogram adds to it.
func family(name string) string {
	for _, part := range []string{"_bucket", "_sum", "_count"} {
		name = strings.TrimSuffix(name, part)
	}
	return name
}

// The page of operations and the alerts name the metrics that the service has, and no others.
func TestOperationsNameTheMetrics(t *testing.T) {
	page, alerts := read(t, "docs/OPERATIONS.md"), read(t, "docs/alerts.yaml") // before the folder changes
	b := servingWith(t, benchYAML+"mcp:\n  calendar: {url: \"http://127.0.0.1:1/\"}\n", evitest.Script())
	body := b.metrics()
	var have []string
	for line := range strings.Lines(body) {
		if name := metricName.FindString(line); strings.HasPrefix(line, "patchcord_") {
			have = append(have, family(name))
		}
	}
	for _, alive := range []string{"patchcord_calls_capacity 500", "patchcord_draining 0", "patchcord_reminders_waiting 0", `patchcord_build_info{go="`} {
		if !strings.Contains(body, alive) {
			t.Errorf("/metrics has nothing of %q", alive)
		}
	}
	for _, name := range have {
		if !strings.Contains(page, name) {
			t.Errorf("docs/OPERATIONS.md lacks %s", name)
		}
	}
	for _, text := range []string{page, strings.Join(expressions(t, page, alerts), "\n")} {
		for _, name := range metricName.FindAllString(text, -1) {
			if !slices.Contains(have, family(name)) && name != "patchcord_owner" && name != "patchcord_app" {
				t.Errorf("%s is named, and the service has no such metric", name)
			}
		}
	}
}

// expressions is those of the alerts. The page says what to do about each.
func expressions(t *testing.T, page, alerts string) (all []string) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For string
				Labels           struct{ Severity string }
				Annotations      struct{ Summary string }
			}
		}
	}
	if err := yaml.Unmarshal([]byte(alerts), &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Expr == "" || r.For == "" || r.Labels.Severity == "" || r.Annotations.Summary == "" {
				t.Errorf("the alert %s lacks something: %+v", r.Alert, r)
			}
			if !strings.Contains(page, "| `"+r.Alert+"` |") {
				t.Errorf("docs/OPERATIONS.md does not say what to do about %s", r.Alert)
			}
			all = append(all, r.Expr)
		}
	}
	if len(all) == 0 {
		t.Error("there are no alerts")
	}
	return all
}

// A dump that is restored into an empty database has all of the ledger, and the service's role reads it.
func TestBackupAndRestore(t *testing.T) {
	b := serving(t)
	b.cleared()
	dump, restored := filepath.Join(t.TempDir(), "patchcord.dump"), postgrestest.EmptyURL(t)
	run(t, "pg_dump", "--format=custom", "--file="+dump, postgrestest.SuperuserURL(t, b.url))
	run(t, "pg_restore", "--exit-on-error", "--dbname="+restored, dump)
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	before, err := b.s.gate.ledger.Verify(t.Context())
	if err != nil || !before.OK {
		t.Fatalf("the ledger itself: %+v, %v", before, err)
	}
	c.DatabaseURL = postgrestest.AppURL(t, restored)
	db, err := c.openDatabase(t.Context(), zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	master, err := c.masterKey(t.Context(), db.DB, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := c.openLedger(t.Context(), db.DB, master, true, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.Close()
	after, err := ledger.Verify(t.Context())
	if err != nil || !after.OK || after.Rows != before.Rows || after.Head != before.Head {
		t.Errorf("restored: %+v, %v; it was %+v", after, err, before)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func run(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
