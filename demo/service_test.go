package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
)

const eventStream = "event: entry\nid: 1\ndata: {\"seq\":1,\"at_ms\":40,\"kind\":\"agent\",\"text\":\"Hello.\",\"heard\":\"no\"}\n\n" +
	": still live\n\nevent: entry\nid: 2\ndata: {\"seq\":1,\"at_ms\":40,\"kind\":\"agent\",\"text\":\"Hello.\",\"heard\":\"full\"}\n\n"

func TestReadEvents(t *testing.T) {
	hello := calllog.Entry{Seq: 1, AtMS: 40, Kind: calllog.KindAgent, Text: "Hello.", Heard: calllog.HeardNo}
	heard := hello
	heard.Heard = calllog.HeardFull
	for _, tt := range []struct {
		name, stream string
		want         []calllog.Entry
		err          string
	}{
		{"to the end", eventStream + "event: end\ndata: {}\n\n", []calllog.Entry{hello, heard}, ""},
		{"broken off", eventStream, []calllog.Entry{hello, heard}, "broke off"},
		{"nothing", "", nil, "broke off"},
		{"no JSON", "event: entry\ndata: {\n\n", nil, "unexpected end"},
		{"a line without end", "data: " + strings.Repeat("x", 2<<20), nil, "too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []calllog.Entry
			err := readEvents(strings.NewReader(tt.stream), func(e calllog.Entry) { got = append(got, e) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("the error is %v, want %q", err, tt.err)
			}
		})
	}
}

// Whatever comes, reading ends, and an end without an error was announced.
func FuzzReadEvents(f *testing.F) {
	f.Add(eventStream)
	f.Add(eventStream + "event: end\ndata: {}\n\n")
	f.Add("data: {\"seq\":1}\ndata: []\n")
	f.Fuzz(func(t *testing.T, stream string) {
		n := 0
		err := readEvents(strings.NewReader(stream), func(calllog.Entry) { n++ })
		if err == nil && !strings.Contains(stream, "event: end") {
			t.Error("the stream has no end, and there is no error")
		}
		if data := strings.Count(stream, "data: "); n > data {
			t.Errorf("%d entries from %d pieces of data", n, data)
		}
	})
}

func TestServiceErrors(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer token":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/v1/calls":
			_, _ = w.Write([]byte(`{"calls":[]}`))
		default:
			_, _ = w.Write([]byte(`<html>`))
		}
	}))
	defer s.Close()
	defer http.DefaultClient.CloseIdleConnections()
	good, bad := service{s.URL, "token"}, service{s.URL, "other"}
	if _, err := good.find(t.Context(), "CA1"); err == nil || !strings.Contains(err.Error(), "0 calls of that SID") {
		t.Errorf("a call that is not there: %v", err)
	}
	if _, err := bad.find(t.Context(), "CA1"); err == nil || !strings.Contains(err.Error(), "answered 401") {
		t.Errorf("a wrong token: %v", err)
	}
	if _, err := good.call(t.Context(), "call_1"); err == nil || !strings.Contains(err.Error(), "GET /v1/calls/call_1") {
		t.Errorf("no JSON: %v", err)
	}
}
