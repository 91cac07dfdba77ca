package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// A suspended account and a number that is not in it can't work, and the doctor names both.
func TestDoctorTellsOfTheAccount(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `{"incoming_phone_numbers": []}`
		if strings.HasSuffix(r.URL.Path, "/Accounts/AC00000000000000000000000000000001.json") {
			answer = `{"status": "suspended"}`
		}
		io.WriteString(w, answer)
	}))
	t.Cleanup(api.Close)
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "TWILIO_API_URL=" + api.URL + "\n", "bridge.yaml": configtest.EnoughYAML})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	got := (&doctorCmd{}).checkTwilio(t.Context(), c)
	want := []config.Finding{{What: "Twilio", State: config.Wrong, Say: "the account is suspended"},
		{What: "number +1415…0100", State: config.Wrong, Say: "not in the account"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A clock that is off, a data folder that is a file, and a schema that nobody will bring up to date.
func TestDoctorFindsWhatStopsServe(t *testing.T) {
	late := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(late.Close)
	env := configtest.EnoughEnv + "BRIDGE_MIGRATE=off\nTWILIO_API_URL=" + late.URL + "\n"
	configtest.In(t, map[string]string{".env": env, "bridge.yaml": configtest.EnoughYAML, "data": "a file"})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := checkClock(t.Context(), c); got[0].State != config.Wrong || !strings.Contains(got[0].Say, "set up time synchronization") {
		t.Errorf("the clock: %q", got)
	}
	if got := checkDatabase(t.Context(), c); got[0].State != config.Wrong || !strings.Contains(got[0].Say, "is not a folder") {
		t.Errorf("the data folder: %q", got)
	}
	url := postgrestest.OwnerURL(t, postgrestest.URL(t))
	const newest = `delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`
	if err := (&bench{T: t}).sql(url, newest); err != nil {
		t.Fatal(err)
	}
	owner := postgrestest.Open(t, url)
	err = checkSchema(t.Context(), c, owner)
	if err == nil || !strings.Contains(err.Error(), "BRIDGE_MIGRATE is off: run bridge migrate up") {
		t.Errorf("the schema: %v", err)
	}
	c.Migrate = "on"
	if err := checkSchema(t.Context(), c, owner); err != nil {
		t.Errorf("the schema, where serve brings it up to date: %v", err)
	}
}
