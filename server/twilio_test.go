package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// incoming is the form of a webhook about a call.
func incoming(change ...string) url.Values {
	form := url.Values{"CallSid": {someSID}, "AccountSid": {"AC1"}, "From": {caller}, "To": {number}, "Direction": {"inbound"},
		"CallStatus": {"ringing"}, "ApiVersion": {"2010-04-01"}}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// verbs parses TwiML.
func verbs(t testing.TB, a answer) []twiliotest.Verb {
	t.Helper()
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/xml") {
		t.Fatalf("%d %s %s", a.status, a.header.Get("Content-Type"), a.body)
	}
	all, err := twiliotest.ParseTwiML([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A call that rings is given a stream, with a token, and what comes after it.
func TestVoice(t *testing.T) {
	t.Parallel()
	s := open(t)
	all := verbs(t, s.hook("/twilio/voice", incoming()))
	if len(all) != 2 || all[0].Name != "Connect" || all[1].Name != "Hangup" || all[0].Attrs["action"] != public+"/twilio/next" {
		t.Fatalf("got %+v", all)
	}
	stream, _ := all[0].Child("Stream")
	token, _ := stream.Child("Parameter")
	if stream.Attrs["url"] != "wss://voice.example.test/twilio/media" || stream.Attrs["statusCallback"] != public+"/twilio/stream" ||
		token.Attrs["name"] != "token" || token.Attrs["value"] == "" {
		t.Errorf("got %+v", stream)
	}
	if s.board.Live() != 1 {
		t.Errorf("%d calls, want one", s.board.Live())
	}
	unknown := incoming("To", "+14155550111", "CallSid", "CA00000000000000000000000000000002")
	if all := verbs(t, s.hook("/twilio/voice", unknown)); len(all) != 1 || all[0].Name != "Reject" {
		t.Errorf("an unknown number is answered with %+v", all)
	}
	for _, sid := range []string{"", "CA1", "MZfedcba9876543210fedcba9876543210", "CA'; drop table calls; --"} {
		isProblem(t, s.hook("/twilio/voice", incoming("CallSid", sid)), 400, "CallSid")
	}
}

// Who calls too often hears a sentence, and no agent is dialled for it. Others are served.
func TestTooManyCallsOfOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	ring := func(n int, from string) string {
		return s.hook("/twilio/voice", incoming("CallSid", fmt.Sprintf("CA%032d", n), "From", from)).body
	}
	for n := range 30 {
		if doc := ring(n, caller); !strings.Contains(doc, "<Stream") {
			t.Fatalf("call %d: %s", n, doc)
		}
	}
	if doc := ring(30, caller); !strings.Contains(doc, "<Say>We have had a lot of calls") || strings.Contains(doc, "<Dial") {
		t.Errorf("the next call: %s", doc)
	}
	if doc := ring(31, "+14152350143"); !strings.Contains(doc, "<Stream") {
		t.Errorf("somebody else: %s", doc)
	}
	if got := s.order("GET", "/metrics", "").body; !strings.Contains(got, `patchcord_calls_refused_total{why="caller_limit"} 1`) || s.board.Live() != 31 {
		t.Errorf("%d calls, want 31, and one that is counted as refused", s.board.Live())
	}
}

// Of a call that nobody knows, nothing follows.
func TestNext(t *testing.T) {
	t.Parallel()
	s := open(t)
	if all := verbs(t, s.hook("/twilio/next", incoming("CallStatus", "in-progress"))); len(all) != 1 || all[0].Name != "Hangup" {
		t.Errorf("got %+v", all)
	}
	isProblem(t, s.hook("/twilio/next", incoming("CallSid", "x")), 400, "CallSid")
}

// Callbacks are taken whatever they say, in any order and again and again.
func TestCallbacks(t *testing.T) {
	t.Parallel()
	s := open(t)
	verbs(t, s.hook("/twilio/voice", incoming()))
	for _, form := range []url.Values{
		incoming("CallStatus", "in-progress", "SequenceNumber", "1"),
		incoming("CallStatus", "completed", "SequenceNumber", "3"), incoming("CallStatus", "completed", "SequenceNumber", "3"),
		incoming("CallStatus", "ringing", "SequenceNumber", "0"), incoming("CallStatus", "something new"), incoming("CallSid", "x"), incoming("SequenceNumber", "many"), {},
	} {
		if got := s.hook("/twilio/status", form); got.status != http.StatusNoContent {
			t.Errorf("%v: %d, want 204", form, got.status)
		}
	}
	if s.board.Live() != 0 {
		t.Error("a call that is completed lives")
	}
	for _, path := range []string{"/twilio/stream", "/twilio/amd", "/twilio/recording"} {
		for _, form := range []url.Values{incoming("StreamEvent", "stream-error", "StreamError", "31920: "+caller), incoming(), {}} {
			if got := s.hook(path, form); got.status != http.StatusNoContent {
				t.Errorf("%s %v: %d, want 204", path, form, got.status)
			}
		}
	}
	for _, path := range []string{"/twilio/nothing", "/twilio/"} {
		if got := s.hook(path, incoming()); got.status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.status)
		}
	}
}

// A signature is of the whole: of another form, path, token or host it is none.
func TestSignatures(t *testing.T) {
	t.Parallel()
	s := open(t)
	form := incoming()
	for name, signature := range map[string]string{
		"of nothing":       "",
		"no base64":        "!",
		"another token":    twiliotest.Sign("ffffffffffffffffffffffffffffffff", public+"/twilio/voice", form),
		"another path":     twiliotest.Sign(authToken, public+"/twilio/next", form),
		"another host":     twiliotest.Sign(authToken, "https://other.example.test/twilio/voice", form),
		"another form":     twiliotest.Sign(authToken, public+"/twilio/voice", incoming("From", "+14155550143")),
		"the URL alone":    twiliotest.Sign(authToken, public+"/twilio/voice", nil),
		"as the server is": twiliotest.Sign(authToken, s.web.URL+"/twilio/voice", form),
	} {
		r := s.request("POST", "/twilio/voice", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if signature != "" {
			r.Header.Set("X-Twilio-Signature", signature)
		}
		if got := s.do(r); got.status != http.StatusForbidden || got.body != "" {
			t.Errorf("%s: %d %q, want 403 and nothing", name, got.status, got.body)
		}
	}
	if s.board.Live() != 0 {
		t.Error("an agent was dialled for a request that nobody signed")
	}
	huge := url.Values{"CallSid": {someSID}, "x": {strings.Repeat("x", 2<<20)}}
	if got := s.hook("/twilio/voice", huge); got.status != http.StatusForbidden {
		t.Errorf("2 MiB: %d, want 403", got.status)
	}
	if got := s.order("GET", "/metrics", "").body; !strings.Contains(got, `patchcord_requests_refused_total{by="signature"} 9`) {
		t.Error("the metrics don't count who was refused")
	}
}

// The media socket is signed as it stands in the TwiML, without any field.
func TestMediaSocket(t *testing.T) {
	t.Parallel()
	s := open(t)
	open := func(signature string) (*websocket.Conn, int) {
		at := "ws" + strings.TrimPrefix(s.web.URL, "http") + "/twilio/media"
		ws, res, err := websocket.DefaultDialer.DialContext(s.ctx, at, http.Header{"X-Twilio-Signature": {signature}})
		if res == nil {
			t.Fatal(err)
		}
		return ws, res.StatusCode
	}
	socket := "wss" + strings.TrimPrefix(public, "https") + "/twilio/media"
	for name, signature := range map[string]string{
		"none":             "",
		"of another URL":   twiliotest.Sign(authToken, public+"/twilio/next", nil),
		"of another token": twiliotest.Sign("ffffffffffffffffffffffffffffffff", socket, nil),
	} {
		if ws, status := open(signature); ws != nil || status != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, status)
		}
	}
	ws, status := open(twiliotest.Sign(authToken, socket, nil))
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("%d, want 101", status)
	}
	ws.Close()
	r := s.request("GET", "/twilio/media", "") // signed, and no WebSocket
	r.Header.Set("X-Twilio-Signature", twiliotest.Sign(authToken, socket, nil))
	if got := s.do(r); got.status != http.StatusBadRequest && got.status != http.StatusUpgradeRequired {
		t.Errorf("no WebSocket: %d", got.status)
	}
}

// No metric has a number or a SID in it, whatever happens.
func TestMetricsNameNobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	verbs(t, s.hook("/twilio/voice", incoming()))
	s.hook("/twilio/status", incoming("CallStatus", "busy"))
	got := s.order("GET", "/metrics", "").body
	for _, name := range []string{"patchcord_calls_live", "patchcord_calls_total", "patchcord_added_latency_seconds", "patchcord_first_audio_seconds",
		"patchcord_barge_in_clear_seconds", "patchcord_agent_reconnects_total"} {
		if !strings.Contains(got, "# TYPE "+name+" ") {
			t.Errorf("%s is missing", name)
		}
	}
	if !strings.Contains(got, `patchcord_calls_total{direction="inbound",outcome="busy"} 1`) {
		t.Error("the call isn't counted")
	}
	for _, secret := range []string{caller[1:], number[1:], someSID, apiToken} {
		if strings.Contains(got, secret) {
			t.Errorf("the metrics show %q", secret)
		}
	}
	if lines := strings.Split(got, "\n"); !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "patchcord_calls_live 0") }) {
		t.Error("a call that never was counts as live")
	}
}
