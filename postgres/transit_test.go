package postgres_test

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/postgres"
)

func TestCheckTransit(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u:p@127.0.0.1:5432/d":                             "",
		"postgres://u:p@localhost/d":                                  "",
		"postgres://u:p@[::1]/d?sslmode=disable":                      "",
		"postgres://u:p@/d?host=/var/run/postgresql":                  "",
		"postgres://u:p@%2Fvar%2Frun%2Fpostgresql/d?sslmode=disable":  "",
		"postgres://u:p@db.example/d?sslmode=verify-full":             "",
		"postgres://u:p@db.example/d":                                 "accepts any certificate",
		"postgres://u:p@db.example/d?sslmode=disable":                 "may be unencrypted",
		"postgres://u:p@db.example/d?sslmode=allow":                   "may be unencrypted",
		"postgres://u:p@db.example/d?sslmode=prefer":                  "accepts any certificate",
		"postgres://u:p@db.example/d?sslmode=require":                 "accepts any certificate",
		"postgres://u:p@db.example/d?sslmode=verify-ca":               "accepts any certificate",
		"postgres://u:p@10.0.0.5/d?sslmode=disable":                   "may be unencrypted",
		"postgres://u:p@127.0.0.1,db.example/d?sslmode=disable":       "to db.example may be unencrypted",
		"postgres://u:p@localhost.evil.example/d?sslmode=disable":     "may be unencrypted",
		"postgres://u:p@db.example/d?host=127.0.0.1&sslmode=disable":  "",
		"postgres://u:p@127.0.0.1/d?host=db.example&sslmode=disable":  "may be unencrypted",
		"postgres://u:p@db.example/d?sslmode=nonsense":                "invalid database URL: want postgres://user:password@host:5432/name",
		"postgres://u:p@127.0.0.1,[::1],localhost/d?sslmode=disable":  "",
		"postgres://u:p@/d?host=/run/pg,db.example&sslmode=disable":   "to db.example",
		"postgres://u:p@/d?host=db.example&port=5432&sslmode=disable": "may be unencrypted",
	} {
		err := postgres.CheckTransit(url)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", url, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: %v; want %q", url, err, want)
		}
	}
}

// What libpq's variables change, the check sees.
func TestCheckTransitSeesTheEnvironment(t *testing.T) {
	t.Setenv("PGSSLMODE", "disable")
	if err := postgres.CheckTransit("postgres://u:p@db.example/d"); err == nil {
		t.Error("PGSSLMODE=disable is not seen")
	}
}
