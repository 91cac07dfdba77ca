package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
)

const recordYAML = `sellers:
  s: {legal_name: S LLC}
agents:
  says: {seller: s, record: true, opening: {text: "Hi. This call is recorded."}}
  keeps_quiet: {seller: s, record: true, opening: {text: "Hi."}}
  opens_not: {seller: s, record: true}
  calls: {seller: s, record: true}
  records_not: {seller: s}
numbers:
  "+14155550100": says
  "+14155550101": keeps_quiet
  "+14155550102": opens_not
  "+14155550103": records_not
`

// Whoever records a call that comes in has to say so; the doctor and the log tell who doesn't.
func TestWhoRecordsWithoutAWord(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": recordYAML})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := service.RecordsUnsaid(c); !slices.Equal(got, []string{"keeps_quiet", "opens_not"}) {
		t.Errorf("got %q", got)
	}
	found := checkRecordings(c)
	if len(found) != 3 || found[0].State != config.Warning || !strings.Contains(found[0].Say, "record: true") || found[2].State != config.Well || !strings.Contains(found[2].Say, "4 agent(s)") {
		t.Errorf("found %+v", found)
	}
	var log strings.Builder
	service.OpenRecordings(c, zerolog.New(&log))
	if n := strings.Count(log.String(), "its opening does not say so"); n != 2 {
		t.Errorf("the log warns %d times: %s", n, log.String())
	}
	profiles := c.File.Agents
	if !profiles["says"].Record || profiles["records_not"].Record {
		t.Error("record is read wrong")
	}

	c.DataDir = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(c.DataDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := checkRecordings(c); found[2].State != config.Wrong {
		t.Errorf("a folder that can't be: %+v", found)
	}
	service.OpenRecordings(c, zerolog.New(&log))
	if !strings.Contains(log.String(), "calls will not be recorded") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestNobodyRecords(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": configtest.EnoughYAML})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	service.OpenRecordings(c, zerolog.Nop())
	if _, err := os.Stat(service.RecordingsDir(c)); len(checkRecordings(c)) != 0 || !os.IsNotExist(err) {
		t.Error("there is a folder for nothing")
	}
}

func TestRecordingIsFetched(t *testing.T) {
	wav := strings.Repeat("x", 44+32000)
	a := answeringWith(t, "/v1/calls/call_1/recording", "audio/wav", wav)
	name := filepath.Join(t.TempDir(), "call.wav")
	if err := a.fetchRecording(t.Context(), "call_1", name); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	info, _ := os.Stat(name)
	if err != nil || string(b) != wav || info.Mode().Perm() != 0o600 {
		t.Errorf("%d bytes, %v, %v", len(b), info.Mode(), err)
	}
	if err := a.fetchRecording(t.Context(), "call_1", name); err == nil {
		t.Error("a file is written over")
	}
	if err := a.fetchRecording(t.Context(), "call_2", name+"2"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("of another call: %v", err)
	}
	if _, err := os.Stat(name + "2"); err == nil {
		t.Error("there is a file of nothing")
	}
	over := calllog.Call{ID: "call_1", Outcome: "caller_hung_up"}
	if n := a.recordingSize(t.Context(), over); n != int64(len(wav)) || recordedTime(n).String() != "1s" {
		t.Errorf("%d bytes, %v", n, recordedTime(n))
	}
	if n := a.recordingSize(t.Context(), calllog.Call{ID: "call_1"}); n != 0 {
		t.Errorf("of a live call: %d bytes", n)
	}
}

// answeringWith is a service that has one thing to give.
func answeringWith(t *testing.T, path, kind, body string) *client {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		io.WriteString(w, body)
	}))
	t.Cleanup(web.Close)
	return &client{api.Client{URL: web.URL, Key: "token"}}
}
