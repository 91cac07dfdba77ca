package cli

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// composeFile is what a test looks at of docker-compose.yml.
type composeFile struct {
	Services map[string]struct {
		Command     []string
		Environment map[string]string
		EnvFile     string                                `yaml:"env_file"`
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Volumes     []composeVolume
	}
}

// composeVolume is one that is written at length; others are of no interest here.
type composeVolume struct{ Type, Source, Target string }

func (v *composeVolume) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return nil
	}
	type plain composeVolume
	return n.Decode((*plain)(v))
}

var interpolated = regexp.MustCompile(`\$\{(\w+)(?::[-?]([^}]*))?\}`)

// readCompose reads the file as the engine does: with the values of .env.
func readCompose(t *testing.T, env map[string]string) composeFile {
	t.Helper()
	b, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := interpolated.ReplaceAllStringFunc(string(b), func(s string) string { return env[interpolated.FindStringSubmatch(s)[1]] })
	var f composeFile
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// takeOver makes the schema as the program of an older compose file did, and takes it over
// as docs/SETTINGS.md says.
func (f *composeFile) takeOver(t *testing.T, superuser string, roles func()) {
	t.Helper()
	db := postgrestest.Open(t, superuser)
	defer db.Close()
	schema := db.SQLAs("patchcord")
	defer schema.Close()
	if _, err := migrations.Up(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	roles()
	if m, err := db.Migrate(t.Context(), f.Services["migrate"].Environment["DATABASE_URL"]); err != nil || m.Role != postgres.OwnerRole {
		t.Fatalf("%+v, %v", m, err)
	}
}

// There is no Docker engine in the tests: what the file says is done by hand, against
// a real Postgres. Its SQL makes the roles, "migrate" runs as the owner, and "bridge"
// gets a role that only serves, and no other's password.
func TestComposeKeepsTheRolesApart(t *testing.T) {
	secrets := map[string]string{"POSTGRES_PASSWORD": "super0", "PATCHCORD_OWNER_PASSWORD": "owner1", "PATCHCORD_APP_PASSWORD": "app2"}
	f := readCompose(t, secrets)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	server := bareServer(t)
	at := strings.NewReplacer("@/patchcord?host=/var/run/postgresql", "@"+hostOf(t, server.URLs.Superuser)+"/patchcord?sslmode=disable")

	pg := f.Services["postgres"]
	if pg.Environment["POSTGRES_USER"] != "patchcord" || pg.Environment["POSTGRES_DB"] != "patchcord" {
		t.Errorf("the server is %v", pg.Environment)
	}
	init := pg.Volumes[1]
	if filepath.Dir(init.Target) != "/docker-entrypoint-initdb.d" {
		t.Fatalf("%s is not run by the image", init.Target)
	}
	superuser := strings.Replace(server.URLs.Superuser, "/postgres?", "/patchcord?", 1)
	roles := func() { psql(t, superuser, pg.Environment, "-f", filepath.Join("..", "..", init.Source)) }

	migrate, serve := f.Services["migrate"], f.Services["bridge"]
	if serve.DependsOn["migrate"].Condition != "service_completed_successfully" || serve.Environment["BRIDGE_MIGRATE"] != "off" {
		t.Errorf("bridge starts before migrate has ended: %v", serve.DependsOn)
	}
	for name, value := range serve.Environment {
		if strings.Contains(value, secrets["PATCHCORD_OWNER_PASSWORD"]) || strings.Contains(value, secrets["POSTGRES_PASSWORD"]) {
			t.Errorf("bridge knows another role's password: %s", name)
		}
	}
	for name := range secrets { // env_file brings all of .env, unless it is set here
		if _, set := serve.Environment[name]; !set && name != "PATCHCORD_APP_PASSWORD" {
			t.Errorf("bridge gets %s from .env", name)
		}
	}

	configtest.In(t, nil)
	for name, value := range migrate.Environment {
		t.Setenv(name, at.Replace(value))
	}
	t.Setenv("BRIDGE_DATA_DIR", t.TempDir())
	t.Chdir(here)
	for _, what := range []string{"new", "made by an older compose file"} {
		psql(t, server.URLs.Superuser, nil, "-c", "drop database if exists patchcord with (force)", "-c", "create database patchcord")
		want := "applied 00003_ledger.sql"
		if roles(); what != "new" { // the SQL can be run again
			f.takeOver(t, superuser, roles)
			want = "nothing to do"
		}
		exits(t, exitDone, migrate.Command, want)
		exits(t, exitDone, []string{"migrate", "status"}, "role     patchcord_owner", "applied  00003_ledger.sql")
		db := postgrestest.Open(t, at.Replace(serve.Environment["DATABASE_URL"]))
		role, err := db.ServingRole(t.Context())
		if err != nil || role.Name != postgres.AppRole || role.Weakens() != "" {
			t.Errorf("a database that is %s: bridge serves as %+v, %v", what, role, err)
		}
		db.Close()
	}
}

// The containers meet over a socket that no network carries, so their addresses need no
// exception; and the socket asks for a password, or the service could be the superuser.
func TestComposeNeedsNoPlaintext(t *testing.T) {
	f := readCompose(t, map[string]string{"PATCHCORD_OWNER_PASSWORD": "owner1", "PATCHCORD_APP_PASSWORD": "app2"})
	for service, settings := range map[string][]string{"migrate": {"DATABASE_URL", "BRIDGE_MIGRATE_URL"}, "bridge": {"DATABASE_URL"}} {
		for _, name := range settings {
			url := f.Services[service].Environment[name]
			if err := postgres.CheckTransit(url); err != nil || !strings.HasSuffix(url, "?host=/var/run/postgresql") {
				t.Errorf("%s: %s: %v", service, name, err)
			}
		}
	}
	socket := composeVolume{"volume", "postgres-socket", "/var/run/postgresql"}
	for _, service := range []string{"migrate", "bridge", "postgres"} {
		if !slices.Contains(f.Services[service].Volumes, socket) {
			t.Errorf("%s does not have the socket's volume", service)
		}
	}
	pg := f.Services["postgres"]
	if !strings.Contains(pg.Environment["POSTGRES_INITDB_ARGS"], "--auth-local=scram-sha-256") {
		t.Error("the socket asks for no password")
	}
	if !slices.Contains(pg.Command, "listen_addresses=127.0.0.1") {
		t.Errorf("the server listens on a network: %v", pg.Command)
	}
}

// bareServer is a server without the two roles, as the image's is when it is new.
func bareServer(t *testing.T) *pgserver.Private {
	t.Helper()
	server, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	psql(t, server.URLs.Superuser, nil, "-c", "drop owned by patchcord_owner, patchcord_app; drop role patchcord_owner, patchcord_app")
	return server
}

func psql(t *testing.T, url string, env map[string]string, args ...string) {
	t.Helper()
	cmd := exec.Command("psql", append([]string{"-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url}, args...)...)
	cmd.Env = os.Environ()
	for name, value := range maps.All(env) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("psql: %v: %s", err, out)
	}
}

func hostOf(t *testing.T, url string) string {
	t.Helper()
	_, rest, _ := strings.Cut(url, "@")
	host, _, _ := strings.Cut(rest, "/")
	if host == "" {
		t.Fatal("the URL has no host")
	}
	return host
}
