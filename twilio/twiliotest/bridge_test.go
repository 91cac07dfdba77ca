package twiliotest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

const (
	public = "https://voice.example.test"
	token  = "0123456789abcdef0123456789abcdef"
)

// bridge is a product to call: it checks every signature, answers the voice webhook with
// voice and the other webhooks with what answers says, and hands the media socket to
// talk, which need not close it.
type bridge struct {
	t       *testing.T
	voice   string
	answers map[string]string // TwiML by path; 204 for others
	talk    func(context.Context, *twilio.Stream)
	check   *twilio.Validator

	mu    sync.Mutex
	forms map[string][]url.Values // of every webhook, by path
}

// connect is TwiML for a stream to the bridge.
func connect(t *testing.T, action string) string {
	t.Helper()
	doc, err := twiml.ConnectStream(twiml.Stream{
		URL: "wss://voice.example.test/twilio/media", Action: action, StatusCallback: "/twilio/stream",
		Params: map[string]string{"token": "t1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// inBubble runs a test in virtual time, with a phone that reaches the bridge through
// memory. When test returns, the call must be over or its context's end will end it.
func inBubble(t *testing.T, b *bridge, test func(ctx context.Context, t *testing.T, p *Phone)) {
	synctest.Test(t, func(t *testing.T) {
		b.t, b.forms = t, map[string][]url.Values{}
		check, err := twilio.NewValidator(public, token)
		if err != nil {
			t.Fatal(err)
		}
		b.check = check
		if b.voice == "" {
			b.voice = connect(t, "")
		}
		pipe := NewPipe()
		server := &http.Server{Handler: b}
		var serving sync.WaitGroup
		serving.Go(func() { server.Serve(pipe) })
		ctx, cancel := context.WithCancel(context.Background())
		test(ctx, t, &Phone{Bridge: "http://bridge", Public: public, AuthToken: token, DialContext: pipe.DialContext, StatusCallback: public + "/twilio/status"})
		cancel()
		synctest.Wait()
		server.Close()
		serving.Wait()
	})
}

func (b *bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/twilio/media" {
		b.media(w, r)
		return
	}
	form, err := b.check.Webhook(r)
	if err != nil {
		b.t.Errorf("%s: %v", r.URL.Path, err)
	}
	b.mu.Lock()
	b.forms[r.URL.Path] = append(b.forms[r.URL.Path], form)
	doc, ok := b.answers[r.URL.Path]
	b.mu.Unlock()
	switch r.URL.Path {
	case "/twilio/voice":
		doc, ok = b.voice, true
	case "/twilio/teapot":
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Write([]byte(doc))
}

func (b *bridge) media(w http.ResponseWriter, r *http.Request) {
	if err := b.check.Socket(r); err != nil {
		b.t.Errorf("media socket: %v", err)
	}
	s, err := twilio.Accept(w, r)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer s.Close(1000, "")
	if b.talk != nil {
		b.talk(context.Background(), s)
		return
	}
	listen(s, nil)
}

// listen receives until the stream ends, and gives each event to f.
func listen(s *twilio.Stream, f func(twilio.Event)) {
	for {
		ev, err := s.Receive(context.Background())
		if err != nil {
			return
		}
		if f != nil {
			f(ev)
		}
	}
}

// posted is the value of a field in each request that came to a webhook.
func (b *bridge) posted(path, field string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var values []string
	for _, form := range b.forms[path] {
		values = append(values, form.Get(field))
	}
	return values
}

func dial(ctx context.Context, t *testing.T, p *Phone) *Call {
	t.Helper()
	c, err := p.Dial(ctx, "+14155550142", "+14155550100")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// await waits for a moment of that kind and name; any name if it is "".
func await(ctx context.Context, t *testing.T, c *Call, event Event, name string) Moment {
	t.Helper()
	m, err := c.Await(ctx, func(m Moment) bool { return m.Event == event && (name == "" || m.Name == name) })
	if err != nil {
		t.Fatalf("%s %s: %v\n%v", event, name, err, c.Timeline())
	}
	return m
}

func noFaults(t *testing.T, c *Call) {
	t.Helper()
	if faults := c.Faults(); len(faults) > 0 {
		t.Errorf("faults: %q", faults)
	}
}

func names(verbs []Verb) []string {
	var all []string
	for _, v := range verbs {
		all = append(all, v.Name)
	}
	return all
}

// tone is n bytes that are not silence.
func tone(n int, b byte) []byte { return slices.Repeat([]byte{b}, n) }

const second = 8000 // bytes

func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if d := got - want; d < -frameTime || d > frameTime {
		t.Errorf("%s at %v, want %v", what, got, want)
	}
}
