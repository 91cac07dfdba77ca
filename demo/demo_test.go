package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/media"
)

// testTime bounds a whole demo: it takes up to a minute, and more on a machine that has much
// else to do.
const testTime = 3 * time.Minute

// bridgeProgram is the bridge, built once.
var bridgeProgram = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "demo-test-bridge-")
	if err != nil {
		return "", err
	}
	built = dir
	program := filepath.Join(dir, "bridge")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/bridge").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the bridge: %w: %s", err, out)
	}
	return program, nil
})

// built is where it is; empty before.
var built string

func theBridge(t *testing.T) string {
	t.Helper()
	program, err := bridgeProgram()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// tempFolder is a place for temporary folders (TMPDIR), of the test's own. It is checked in
// the end that nothing was left there. Postgres has to get through it.
func tempFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left := list(t, dir); len(left) > 0 {
			t.Errorf("the demo left %q behind", left)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// shown is what the demo printed as JSON, by its type and that of a log's entry or a
// ledger's fact, and how it ended.
type shown struct {
	kinds  map[string]int
	ok     bool
	claims []claim
	result []byte // the line of it
	last   string // outcome of the call that was kept
}

// look asks a service for a path, as the demo says to do with curl.
func look(ctx context.Context, s service, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.Key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answered %d", path, res.StatusCode)
	}
	return json.NewDecoder(res.Body).Decode(new(json.RawMessage))
}

// setting is the value of a setting among NAME=value.
func setting(env []string, name string) string {
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// runDemo is the demo as a user runs it: the program starts itself as the service, all of
// it happens, what was kept can be asked, and Ctrl-C ends it.
func runDemo(t *testing.T, args ...string) shown {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, theBridge(t), append([]string{"demo", "--json", "--keep"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+tempFolder(t))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := shown{kinds: map[string]int{}}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var what struct {
			Type, Kind, Call string
			OK               bool
			Claims           []claim
			Env, Look        []string
			Fact             struct{ Type string }
		}
		if err := json.Unmarshal(lines.Bytes(), &what); err != nil {
			t.Errorf("%q: %v", lines.Text(), err)
		}
		s.kinds[what.Type+" "+what.Kind+what.Fact.Type]++
		switch what.Type {
		case "result":
			s.ok, s.claims, s.result = what.OK, what.Claims, bytes.Clone(lines.Bytes())
		case "kept":
			kept := newService(setting(what.Env, "PUBLIC_URL"), setting(what.Env, "BRIDGE_API_TOKEN"))
			c, err := kept.Call(ctx, what.Call)
			show := exec.CommandContext(ctx, theBridge(t), "calls", "show", what.Call) // the program itself, by these settings
			show.Env = append(os.Environ(), what.Env...)
			if out, err := show.CombinedOutput(); err != nil || !bytes.Contains(out, []byte(what.Call)) {
				t.Errorf("bridge calls show: %v: %s", err, out)
			}
			if u := setting(what.Env, "TWILIO_API_URL"); !strings.HasPrefix(u, "http://127.0.0.1:") {
				t.Errorf("the simulated Twilio is at %q", u)
			}
			if s.last = c.Outcome; err != nil {
				t.Errorf("the service that was kept says of the call: %v", err)
			}
			for _, path := range what.Look {
				if err := look(ctx, kept, path); err != nil {
					t.Errorf("the service that was kept says: %v", err)
				}
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the demo ended with %v: %s", err, errs.String())
	}
	if s.kinds["result "] != 1 || !s.ok {
		t.Errorf("%d results, the last with ok=%v", s.kinds["result "], s.ok)
	}
	for _, c := range s.claims {
		t.Logf("%-42s %v  %s", c.Text, c.OK, c.Figure)
		if !c.OK {
			t.Errorf("not proved: %s: %s", c.Text, c.Figure)
		}
	}
	return s
}

// has wants something of each kind.
func (s shown) has(t *testing.T, kinds ...string) {
	t.Helper()
	for _, want := range kinds {
		if s.kinds[want] == 0 {
			t.Errorf("nothing of the kind %q was shown, but %v", want, s.kinds)
		}
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	for _, voice := range Voices {
		t.Run(voice, func(t *testing.T) {
			t.Parallel()
			wav := filepath.Join(t.TempDir(), "call.wav")
			s := runDemo(t, "--voice", voice, "--wav", wav)
			s.has(t, "stage ", "entry caller", "entry agent", "entry tool", "entry interruption", "entry reconnect")
			var end struct{ Figures figures }
			if err := json.Unmarshal(s.result, &end); err != nil {
				t.Fatal(err)
			}
			f := end.Figures
			if len(s.claims) != len(supportClaims(figures{})) || f.Outcome != s.last {
				t.Errorf("%d claims; the outcome is %q, and in the log %q", len(s.claims), f.Outcome, s.last)
			}
			if len(f.Voices) != 2 || f.Voices[0] != voice || f.ByWire != (voice == voiceEVI) {
				t.Errorf("%q spoke, resumed by the wire: %v", f.Voices, f.ByWire)
			}
			l := allLines()
			checkWAV(t, wav, f.Call, l.readAgain, l.orderStatus)
			checkWAV(t, wav, f.Call, l.thanksGoodbye, l.goodbye)
		})
	}
}

func TestDemoReminder(t *testing.T) {
	t.Parallel()
	for _, voice := range Voices {
		t.Run(voice, func(t *testing.T) {
			t.Parallel()
			wav := filepath.Join(t.TempDir(), "calls.wav")
			s := runDemo(t, "--script", "reminder", "--voice", voice, "--wav", wav)
			s.has(t, "setup ", "scene ", "stage ", "entry caller", "entry agent", "entry tool", "entry note", "fact grant", "fact number_fact",
				"fact revoke", "fact dnc_add", "fact scrub", "fact decision", "fact permit", "fact opening_played", "fact optout_in_call")
			var end struct{ Figures reminderFigures }
			if err := json.Unmarshal(s.result, &end); err != nil {
				t.Fatal(err)
			}
			if len(s.claims) != len(reminderClaims(reminderFigures{})) || s.kinds["fact decision"] != end.Figures.Decisions {
				t.Errorf("%d claims; %d of %d decisions were shown", len(s.claims), s.kinds["fact decision"], end.Figures.Decisions)
			}
			l := allLines()
			checkWAV(t, wav, end.Figures.Call, l.moveAppointment, l.rescheduled)
			checkWAV(t, wav, end.Figures.Call, l.stopCalling, l.removed)
		})
	}
}

// checkWAV looks for the two voices in the recording, each on its side.
func checkWAV(t *testing.T, path string, seconds float64, caller, agent *line) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := media.ParseWAV(b)
	if err != nil {
		t.Fatal(err)
	}
	both := decode(w.Data)
	left, right := make([]int16, len(both)/2), make([]int16, len(both)/2)
	for i := range left {
		left[i], right[i] = both[2*i], both[2*i+1]
	}
	if got := span(len(left)).Seconds(); w.Channels != 2 || w.Rate != media.Rate || got < seconds-0.1 || got > seconds+0.1 || got < 30 {
		t.Errorf("the WAV has %d channels at %d Hz and %.1f s, want 2 at 8000 and %.1f", w.Channels, w.Rate, got, seconds)
	}
	if caller.find(left, 0) < 0 || agent.find(right, 0) < 0 {
		t.Error("the caller is not on the left, or the agent not on the right")
	}
	for side, pcm := range map[string][]int16{"left": left, "right": right} {
		if n := time.Duration(voiced(pcm)) * frameTime; n < 5*time.Second {
			t.Errorf("there are only %v of speech on the %s", n, side)
		}
	}
}

// Stopped in the middle of the call, the demo ends soon and takes everything with it.
func TestDemoStopped(t *testing.T) {
	t.Parallel()
	program := theBridge(t)
	ctx, cancel := context.WithTimeout(t.Context(), testTime)
	defer cancel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var stopped time.Time
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for lines := bufio.NewScanner(read); lines.Scan(); {
			if strings.Contains(lines.Text(), "begins to speak") {
				stopped = time.Now()
				cancel()
			}
		}
	}()
	dir := t.TempDir()
	err = Run(ctx, Options{Program: program, JSON: true, Out: write, Temp: tempFolder(t), WAV: filepath.Join(dir, "call.wav")})
	took := time.Since(stopped)
	write.Close()
	<-watched
	read.Close()
	if err == nil || err.Error() != "demo: stopped before its end" {
		t.Errorf("the error is %v", err)
	}
	if took > stopWait/2 {
		t.Errorf("it took %v to stop", took)
	}
	if left := list(t, dir); len(left) > 0 {
		t.Errorf("in the place of the WAV is %q", left)
	}
}

// A service that does not start says why.
func TestDemoWithoutService(t *testing.T) {
	t.Parallel()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	script := filepath.Join(t.TempDir(), "bridge")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho log line >&2\necho 'bridge: no Postgres server: install one, or set DATABASE_URL' >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{
		script:                  "bridge: no Postgres server: install one, or set DATABASE_URL\n(The demo always runs its own Postgres",
		"/nonexistent/a-bridge": "demo: start the service: ",
	} {
		err := Run(t.Context(), Options{Program: program, Out: null, Temp: tempFolder(t), WAV: filepath.Join(t.TempDir(), "a.wav")})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "log line") {
			t.Errorf("%s: the error is %v, want %q", program, err, want)
		}
	}
}

func TestScripts(t *testing.T) {
	for _, name := range []string{"support", "reminder", ""} {
		if err := CheckScript(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	err := Run(t.Context(), Options{Script: "nope"})
	if err == nil || err.Error() != `demo: unknown script "nope": want one of support, reminder` {
		t.Errorf("the error is %v", err)
	}
	err = Run(t.Context(), Options{Voice: "desk"})
	if err == nil || err.Error() != `demo: unknown voice "desk": want one of evi, realtime` {
		t.Errorf("the error is %v", err)
	}
	var wrong *NotProvedError
	if err := error(&NotProvedError{[]string{"a", "b"}}); !errors.As(err, &wrong) || err.Error() != "demo: not proved: a; b" {
		t.Errorf("the error is %v", err)
	}
}
