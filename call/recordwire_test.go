package call_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A call as it is, with Twilio's and EVI's wires and the operators' API: what is downloaded is
// what the simulated telephone heard and said.
func TestRecordingOverTheWire(t *testing.T) {
	t.Parallel()
	folder := recording.NewFolder(t.TempDir())
	r := newRig(t, plan{configure: func(c *call.Config) { c.Recordings, c.Profiles["support"].Record = folder, true }})
	c, agent := r.connected()
	get := func(id, part string) (*http.Response, []byte) {
		r.Helper()
		q, err := http.NewRequestWithContext(r.ctx, "GET", r.web.URL+"/v1/calls/"+id+"/recording", nil)
		if err != nil {
			r.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+apiToken)
		if part != "" {
			q.Header.Set("Range", part)
		}
		res, err := r.web.Client().Do(q)
		if err != nil {
			r.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			r.Fatal(err)
		}
		return res, b
	}
	agent.reply(t, "a", "A short one.", 440, 600*time.Millisecond)
	r.await(c, twiliotest.Echo)
	c.Speak(sound(800*time.Millisecond, 20))
	if err := c.WaitSpoken(r.ctx); err != nil {
		t.Fatal(err)
	}
	if err := agent.Say(r.ctx, evitest.Speech{ID: "b", Text: "A long one.", PCM: tone(700, 5*time.Second)}); err != nil {
		t.Fatal(err)
	}
	r.until("a second of it is heard", func() bool { return heardTone(c.Heard(), 700) >= time.Second })
	id := r.now(c).ID
	if res, b := get(id, ""); res.StatusCode != http.StatusConflict || !strings.Contains(string(b), "live") {
		t.Errorf("while it lives: %d %s", res.StatusCode, b)
	}
	if err := agent.Interrupt(); err != nil {
		t.Fatal(err)
	}
	r.await(c, twiliotest.Clear)
	agent.AssistantEnd()
	agent.reply(t, "c", "Yes?", 1000, 400*time.Millisecond)
	r.until("the answer is heard, and half a second passes", func() bool {
		return heardTone(c.Heard(), 1000) >= 380*time.Millisecond && silent(c.Heard(), 500*time.Millisecond)
	})
	c.HangUp()
	<-c.Done()
	r.record(c)

	res, b := get(id, "")
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "audio/wav" || res.ContentLength != int64(len(b)) {
		t.Fatalf("%d, %q, %d of %d bytes", res.StatusCode, res.Header.Get("Content-Type"), res.ContentLength, len(b))
	}
	left, right := channels(t, b)
	if got, want := count(left, 20), count(c.Said(), 20); got != want {
		t.Errorf("%v of the caller are recorded, want %v", got, want)
	}
	// The simulated telephone's first timestamp is 57 ms, of sound of the stream's start.
	// On a busy machine its clock stands still now and then; TestRecording has one that doesn't.
	about := func(what string, got, want time.Duration) {
		t.Helper()
		if d := got - want; d < -400*time.Millisecond || d > 400*time.Millisecond {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	about("where the caller is recorded", firstOf(left, 20), firstOf(c.Said(), 20))
	near(t, "how much of the first reply is recorded", heardTone(right, 440), heardTone(c.Heard(), 440))
	near(t, "how much of the last reply is recorded", heardTone(right, 1000), heardTone(c.Heard(), 1000))
	about("how much of the reply that was cut is recorded", heardTone(right, 700), heardTone(c.Heard(), 700))
	for _, hz := range []float64{440, 700, 1000} {
		about("where a tone is recorded", at(firstFrame(right, hz)), at(firstFrame(c.Heard(), hz)))
	}
	if rest := right[firstFrame(right, 1000):]; heardTone(rest, 700) > 0 {
		t.Error("the recording has sound of the reply after it was cut")
	}
	res, some := get(id, "bytes=44-1043")
	if res.StatusCode != http.StatusPartialContent || !bytes.Equal(some, b[44:1044]) {
		t.Errorf("a range: %d, %d bytes", res.StatusCode, len(some))
	}
	if res, b := get("call_unknown", ""); res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("of no call: %d %s", res.StatusCode, b)
	}
	noFaults(t, c)
}

func at(samples int) time.Duration { return time.Duration(samples) * time.Millisecond / 8 }
