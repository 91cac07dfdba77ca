package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
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

// The page's drill: a dump is restored into an empty database, a service starts on it with the same
// master key, and has all of the ledger. Whoever was erased in between is in it again, and can be erased again.
func TestBackupAndRestore(t *testing.T) {
	b := serving(t)
	b.cleared()
	dump, restored := filepath.Join(t.TempDir(), "patchcord.dump"), postgrestest.EmptyURL(t)
	run(t, "pg_dump", "--format=custom", "--file="+dump, postgrestest.SuperuserURL(t, b.url))
	before, err := b.s.Gate.PGLedger.Verify(t.Context())
	if err != nil || !before.OK {
		t.Fatalf("the ledger itself: %+v, %v", before, err)
	}
	erase := []string{"consent", "erase", person, "--why", "asked", "--yes", "--without", b.s.Instance.Name}
	exits(t, exitDone, erase)
	run(t, "pg_restore", "--exit-on-error", "--dbname="+restored, dump)
	key, err := os.ReadFile("data/master.key")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DATABASE_URL", postgrestest.AppURL(t, restored))
	t.Setenv("BRIDGE_MIGRATE_URL", postgrestest.OwnerURL(t, restored))
	t.Setenv("BRIDGE_MASTER_KEY", strings.TrimSpace(string(key)))
	exits(t, exitDone, []string{"migrate", "status"}, "applied  00003_ledger.sql")

	s := b.second(t.TempDir())
	after, err := s.Gate.PGLedger.Verify(t.Context())
	if err != nil || !after.OK || after.Rows != before.Rows || after.Head != before.Head {
		t.Errorf("restored: %+v, %v; it was %+v", after, err, before)
	}
	at := []string{"--url", "http://" + s.Listener.Addr().String()}
	exits(t, exitDone, append([]string{"consent", "verify"}, at...), "OK")
	show := append([]string{"consent", "show", "--json", person}, at...)
	exits(t, exitDone, show, "I agree to calls by an artificial voice.")
	exits(t, exitDone, append(erase, at...), "the person's key is destroyed")
	if again := exits(t, exitDone, show); strings.Contains(again.out, "I agree") {
		t.Errorf("they are still in it: %s", again.out)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../" + name)
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

// An instance takes calls while its database answers and it has a policy: /readyz asks for both.
func TestReadyNeedsDatabaseAndPolicy(t *testing.T) {
	g := serving(t).s.Gate
	if err := g.Ready(with(t)); err != nil {
		t.Error(err)
	}
	without := *g
	without.Gate = &consent.Gate{Ledger: g.Ledger}
	if err := without.Ready(with(t)); err == nil || err.Error() != "no policy" {
		t.Errorf("without a policy: %v", err)
	}
	if err := g.Ready(service.Canceled()); err == nil {
		t.Error("it is ready with a database that doesn't answer")
	}
}
