package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// connections counts who is connected to a database, by role.
func connections(t *testing.T, url string) map[string]int {
	t.Helper()
	db := postgrestest.Open(t, postgrestest.SuperuserURL(t, url))
	defer db.Close()
	sql := db.SQL()
	defer sql.Close()
	rows, err := sql.QueryContext(t.Context(), `select usename, count(*) from pg_stat_activity where datname = current_database() group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := map[string]int{}
	for rows.Next() {
		var role string
		var count int
		if err := rows.Scan(&role, &count); err != nil {
			t.Fatal(err)
		}
		n[role] = count
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// alone holds the serving role to be the only one connected. A server takes a moment
// to see that a connection was closed.
func alone(t *testing.T, url string) {
	t.Helper()
	for ctx := with(t); ; {
		n := connections(t, url)
		if n[postgres.OwnerRole] == 0 && n[postgres.AppRole] > 0 {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("connected are %v", n)
		}
	}
}

// The owner migrates when the service starts, and has gone before it takes a request.
func TestTheOwnerHasGoneBeforeTheFirstRequest(t *testing.T) {
	b := serving(t)
	alone(t, b.url)
	exits(t, exitDone, []string{"consent", "show", person})
	exits(t, exitDone, []string{"doctor"}, "the service connects as patchcord_app, which owns no tables")
	exits(t, exitDone, []string{"migrate", "status"}, "role     patchcord_owner")
	alone(t, b.url)
}

// Whatever DATABASE_URL names, the service starts, and one line says what is weak.
func TestWhatTheServingRoleWeakensIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		setting func(empty, migrated string) config.Environment
		says    string // nothing: no line
	}{
		"a superuser for both": {func(empty, _ string) config.Environment { return config.Environment{DatabaseURL: empty} }, "a superuser: it could rewrite the consent ledger"},
		"the owner for both": {func(_, migrated string) config.Environment {
			return config.Environment{DatabaseURL: postgrestest.OwnerURL(t, migrated)}
		}, "which owns the tables"},
		"one for each": {func(_, migrated string) config.Environment {
			return config.Environment{DatabaseURL: migrated, MigrateURL: postgrestest.OwnerURL(t, migrated)}
		}, ""},
		"a superuser migrates": {func(_, migrated string) config.Environment {
			return config.Environment{DatabaseURL: migrated, MigrateURL: postgrestest.SuperuserURL(t, migrated)}
		}, ""},
		"the serving role alone, with nothing to do": {func(_, migrated string) config.Environment { return config.Environment{DatabaseURL: migrated} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := c.setting(postgrestest.EmptyURL(t), postgrestest.URL(t))
			e.Migrate = "on"
			var log bytes.Buffer
			d, err := service.StartDatabase(t.Context(), (&config.Config{Environment: e}), zerolog.New(&log))
			if err != nil {
				t.Fatal(err)
			}
			defer d.Shutdown()
			if lines := strings.Count(log.String(), "\n"); !strings.Contains(log.String(), c.says) || lines > 1 || (lines == 1) != (c.says != "") {
				t.Errorf("the log says\n%s", log.String())
			}
			if role := servingRole(t.Context(), d); c.says != "" && (role[0].State != config.Warning || !strings.Contains(role[0].Say, c.says)) || c.says == "" && role[0].State != config.Well {
				t.Errorf("the doctor says %+v", role)
			}
		})
	}
}

// A role that may make none of it prints what an administrator has to run.
func TestMigratePrintsWhatItMayNotDo(t *testing.T) {
	server := bareServer(t)
	psql(t, server.URLs.Superuser, nil, "-c", "create role plain login password 'x'", "-c", "create database plain owner plain")
	url := "postgres://plain:x@" + hostOf(t, server.URLs.Superuser) + "/plain?sslmode=disable"
	configtest.In(t, map[string]string{".env": "DATABASE_URL=" + url + "\n"})
	exits(t, exitDone, []string{"migrate", "up"}, "applied 00003_ledger.sql", "create role patchcord_owner nologin;", "create role patchcord_app login password 'choose one';",
		`grant patchcord_owner to "plain";`, "may not set up the two database roles. Have an administrator of the database run")
	var log bytes.Buffer
	d, err := service.StartDatabase(t.Context(), (&config.Config{Environment: config.Environment{DatabaseURL: url, Migrate: "on"}}), zerolog.New(&log))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Shutdown()
	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "which owns the tables") || !strings.Contains(log.String(), "prints the SQL") {
		t.Errorf("the log says\n%s", log.String())
	}
	exits(t, exitDone, []string{"migrate", "up"}, "nothing to do", "create role patchcord_owner nologin;")
	exits(t, exitDone, []string{"migrate", "status"}, "role     plain")
	if r := exits(t, exitDone, []string{"migrate", "status", "--json"}, `"role":"plain"`); strings.Contains(r.out, "role     ") {
		t.Error("what is no object stands among the objects")
	}
	exits(t, exitDone, []string{"migrate", "down"}, "rolled back")
}

func TestTheOwnersURLNeedsTheOther(t *testing.T) {
	for env, want := range map[string]string{
		"BRIDGE_MIGRATE_URL=postgres://patchcord_owner@localhost/x":                              "BRIDGE_MIGRATE_URL: requires DATABASE_URL",
		"DATABASE_URL=postgres://patchcord_app@localhost/x\nBRIDGE_MIGRATE_URL=mysql://root@x/x": "BRIDGE_MIGRATE_URL: want postgres://",
	} {
		configtest.In(t, map[string]string{"bridge.yaml": configtest.EnoughYAML, ".env": configtest.EnoughEnv + env + "\n"})
		if _, err := config.Load(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", env, err, want)
		}
		exits(t, exitUsage, []string{"migrate", "up"}, want)
	}
}
