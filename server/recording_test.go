package server_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/recording"
)

// over is a call that is over, and was carried by an instance.
func over(instance string) func(*calllog.Call) {
	return func(c *calllog.Call) {
		c.Status, c.Outcome, c.Instance = calllog.StatusCompleted, calllog.OutcomeCallerHungUp, instance
	}
}

func TestRecordingOfACall(t *testing.T) {
	t.Parallel()
	s := open(t)
	dir := t.TempDir()
	folder := recording.NewFolder(dir)
	s.config.Recordings, s.config.Instance = folder, "here"
	s.web = s.make()

	begun := time.Now()
	tape := folder.Record("taped", begun)
	tape.Stream(begun)
	tape.Caller(0, bytes.Repeat([]byte{20}, 8000), begun.Add(time.Second))
	s.write("taped", 1, nil)
	isProblem(t, s.order("GET", "/v1/calls/taped/recording", ""), 409, "live")
	s.write("taped", 1, func(c *calllog.Call) { over("here")(c); c.Version = 2 })
	isProblem(t, s.order("GET", "/v1/calls/taped/recording", ""), 409, "not complete yet")
	if err := tape.End(begun.Add(2*time.Second), time.Minute); err != nil {
		t.Fatal(err)
	}
	got := s.order("GET", "/v1/calls/taped/recording", "")
	file, err := os.ReadFile(filepath.Join(dir, "taped.wav"))
	if err != nil || len(file) != 44+2*8000*4 {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
	if got.status != 200 || got.body != string(file) || got.header.Get("Content-Type") != "audio/wav" || got.header.Get("Content-Length") != "64044" ||
		got.header.Get("Accept-Ranges") != "bytes" || got.header.Get("Cache-Control") != "no-store" || !strings.Contains(got.header.Get("Content-Disposition"), "taped.wav") {
		t.Errorf("%d, %d bytes, %v", got.status, len(got.body), got.header)
	}
	isProblem(t, s.order("GET", "/v1/calls/taped/recording?message=1", ""), 404, "unknown voice message")
	for _, n := range []string{"0", "-1", "x", "99999999999999999999"} {
		isProblem(t, s.order("GET", "/v1/calls/taped/recording?message="+n, ""), 400, "message: want the number")
	}
	if err := folder.SaveMessage("taped", 1, make([]byte, 8000)); err != nil {
		t.Fatal(err)
	}
	if got := s.order("GET", "/v1/calls/taped/recording?message=1", ""); got.status != 200 || len(got.body) != 44+2*8000 {
		t.Errorf("a spoken message: %d, %d bytes", got.status, len(got.body))
	}
	begun = time.Now()
	stopped := folder.Record("stopped", begun)
	stopped.Stream(begun)
	stopped.Stop(begun.Add(2 * time.Second))
	if err := stopped.End(begun.Add(9*time.Second), time.Minute); err != nil {
		t.Fatal(err)
	}
	s.write("stopped", 1, over("here"))
	marked := s.order("GET", "/v1/calls/stopped/recording", "")
	if w, err := media.ParseWAV([]byte(marked.body)); err != nil || len(w.Data) != 2*8000*4 || marked.header.Get("Content-Length") != strconv.Itoa(len(marked.body)) ||
		!strings.Contains(marked.body[44+len(w.Data):], "ICMT") || !strings.Contains(marked.body, "stopped at the caller's request after 2000 ms\x00") {
		t.Errorf("of a stopped recording: %d, %d bytes of sound, %v; %q", marked.status, len(w.Data), err, marked.body[max(0, len(marked.body)-100):])
	}
	if got := s.order("HEAD", "/v1/calls/taped/recording", ""); got.status != 200 || got.header.Get("Content-Length") != "64044" || got.body != "" {
		t.Errorf("HEAD: %d, %v", got.status, got.header)
	}
	for part, want := range map[string]struct {
		status int
		body   string
	}{
		"bytes=0-3":         {206, "RIFF"},
		"bytes=64040-":      {206, string(file[64040:])},
		"bytes=-2":          {206, string(file[64042:])},
		"bytes=64044-64050": {416, ""},
	} {
		r := s.request("GET", "/v1/calls/taped/recording", "")
		r.Header.Set("Authorization", "Bearer "+apiToken)
		r.Header.Set("Range", part)
		if got := s.do(r); got.status != want.status || want.status == 206 && got.body != want.body {
			t.Errorf("%s: %d, %d bytes", part, got.status, len(got.body))
		}
	}

	s.write("untaped", 1, over("here"))
	s.write("elsewhere", 1, over("instance_b"))
	isProblem(t, s.order("GET", "/v1/calls/untaped/recording", ""), 404, "this call has no recording: its agent does not have record: true, or the call had no audio")
	isProblem(t, s.order("GET", "/v1/calls/elsewhere/recording", ""), 404, "instance_b")
	isProblem(t, s.order("GET", "/v1/calls/none/recording", ""), 404, "unknown call")
	isProblem(t, s.order("GET", "/v1/calls/..%2Ftaped/recording", ""), 404, "unknown call")
	isProblem(t, s.order("POST", "/v1/calls/taped/recording", ""), 405, "GET")
	if got := s.do(s.request("GET", "/v1/calls/taped/recording", "")); got.status != 401 {
		t.Errorf("without a token: %d", got.status)
	}
}

// unreadable is a folder of recordings on a disk that fails.
type unreadable struct{}

func (unreadable) OpenMessage(string, int) (*os.File, error) {
	return nil, errors.New("input/output error")
}
func (unreadable) Open(string) (*os.File, error) { return nil, errors.New("input/output error") }

func TestRecordingCannotBeRead(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("taped", 1, over("here"))
	isProblem(t, s.order("GET", "/v1/calls/taped/recording", ""), 404, "here") // this server keeps none
	s.config.Recordings, s.config.Instance = unreadable{}, "here"
	s.web = s.make()
	isProblem(t, s.order("GET", "/v1/calls/taped/recording", ""), 503, "cannot be read")
}
