package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/media"
)

// testTime bounds a whole demo: it takes some 45 s, and more on a machine that has much
// else to do.
const testTime = 3 * time.Minute

// bridgeProgram builds the bridge.
func bridgeProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "bridge")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../cmd/bridge")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the bridge: %v\n%s", err, out)
	}
	return program
}

// tempFolder makes the place of temporary folders one of the test's own, and checks in
// the end that nothing was left there. Postgres has to get through it.
func tempFolder(t *testing.T) {
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
	t.Setenv("TMPDIR", dir)
}

// The demo, as a user runs it: the program starts itself as the service, all of it
// happens, what was kept can be asked, and Ctrl-C ends it.
func TestDemo(t *testing.T) {
	program := bridgeProgram(t)
	tempFolder(t)
	ctx, cancel := context.WithTimeout(t.Context(), testTime)
	defer cancel()
	wav := filepath.Join(t.TempDir(), "call.wav")
	cmd := exec.CommandContext(ctx, program, "demo", "--json", "--keep", "--wav", wav)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var last struct {
		OK      bool
		Claims  []claim
		Figures figures
	}
	kinds := map[string]int{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var what struct {
			Type, Kind, API, Token, Call string
		}
		if err := json.Unmarshal(lines.Bytes(), &what); err != nil {
			t.Errorf("%q: %v", lines.Text(), err)
		}
		kinds[what.Type+" "+what.Kind]++
		switch what.Type {
		case "result":
			if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
				t.Errorf("%q: %v", lines.Text(), err)
			}
		case "kept":
			c, err := service{what.API, what.Token}.call(ctx, what.Call)
			if err != nil || c.Outcome != last.Figures.Outcome {
				t.Errorf("the service that was kept says of the call %q, %v", c.Outcome, err)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the demo ended with %v: %s", err, errs.String())
	}
	for _, want := range []string{"stage ", "entry caller", "entry agent", "entry tool", "entry interruption", "entry reconnect"} {
		if kinds[want] == 0 {
			t.Errorf("nothing of the kind %q was shown, but %v", want, kinds)
		}
	}
	if kinds["result "] != 1 || !last.OK || len(last.Claims) != len(supportClaims(figures{})) {
		t.Errorf("%d results, the last with %d claims and ok=%v", kinds["result "], len(last.Claims), last.OK)
	}
	for _, c := range last.Claims {
		t.Logf("%-42s %v  %s", c.Text, c.OK, c.Figure)
		if !c.OK {
			t.Errorf("not proved: %s: %s", c.Text, c.Figure)
		}
	}
	checkWAV(t, wav, last.Figures.Call)
}

// checkWAV looks for the two voices in the recording, each on its side.
func checkWAV(t *testing.T, path string, seconds float64) {
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
	l := allLines()
	if l.readAgain.find(left, 0) < 0 || l.orderStatus.find(right, 0) < 0 {
		t.Error("the caller is not on the left, or the agent not on the right")
	}
	for side, pcm := range map[string][]int16{"left": left, "right": right} {
		if n := time.Duration(voiced(pcm)) * frameTime; n < 7*time.Second {
			t.Errorf("there are only %v of speech on the %s", n, side)
		}
	}
}

// Stopped in the middle of the call, the demo ends soon and takes everything with it.
func TestDemoStopped(t *testing.T) {
	program := bridgeProgram(t)
	tempFolder(t)
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
	err = Run(ctx, Options{Program: program, JSON: true, Out: write, WAV: filepath.Join(dir, "call.wav")})
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
	tempFolder(t)
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
		script:                  "bridge: no Postgres server: install one, or set DATABASE_URL\n(The demo always runs a Postgres of its own",
		"/nonexistent/a-bridge": "demo: start the service: ",
	} {
		err := Run(t.Context(), Options{Program: program, Out: null, WAV: filepath.Join(t.TempDir(), "a.wav")})
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
	if err == nil || err.Error() != `demo: there is no script "nope": want one of support, reminder` {
		t.Errorf("the error is %v", err)
	}
	var wrong *NotProvedError
	if err := error(&NotProvedError{[]string{"a", "b"}}); !errors.As(err, &wrong) || err.Error() != "demo: not proved: a; b" {
		t.Errorf("the error is %v", err)
	}
}
