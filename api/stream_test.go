package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
)

const eventStream = "event: entry\nid: 1\ndata: {\"seq\":1,\"at_ms\":40,\"kind\":\"agent\",\"text\":\"Hello.\",\"heard\":\"no\"}\n\n" +
	": still live\n\nevent: entry\nid: 2\ndata: {\"seq\":1,\"at_ms\":40,\"kind\":\"agent\",\"text\":\"Hello.\",\"heard\":\"full\"}\n\n"

func TestReadEntries(t *testing.T) {
	hello := calllog.Entry{Seq: 1, AtMS: 40, Kind: calllog.KindAgent, Text: "Hello.", Heard: calllog.HeardNo}
	heard := hello
	heard.Heard = calllog.HeardFull
	for _, tt := range []struct {
		name, stream string
		want         []calllog.Entry
		last, err    string
	}{
		{"to the end", eventStream + "event: end\ndata: {}\n\n", []calllog.Entry{hello, heard}, "2", ""},
		{"broken off", eventStream, []calllog.Entry{hello, heard}, "2", "broke off"},
		{"nothing", "", nil, "0", "broke off"},
		{"of another name", "event: news\nid: 3\ndata: {}\n\n" + "data: {\"seq\":1}\n\nevent: end\n", nil, "3", ""},
		{"no JSON", "event: entry\ndata: {\n\n", nil, "0", "unexpected end"},
		{"a line without end", "data: " + strings.Repeat("x", 2<<20), nil, "0", "too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []calllog.Entry
			last, err := readEntries(strings.NewReader(tt.stream), "0", func(e calllog.Entry) { got = append(got, e) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if last != tt.last {
				t.Errorf("the last event is %q, want %q", last, tt.last)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("the error is %v, want %q", err, tt.err)
			}
		})
	}
}

// Whatever comes, reading ends, and an end without an error was announced.
func FuzzReadEntries(f *testing.F) {
	f.Add(eventStream)
	f.Add(eventStream + "event: end\ndata: {}\n\n")
	f.Add("event: entry\ndata: {\"seq\":1}\ndata: []\n")
	f.Fuzz(func(t *testing.T, stream string) {
		n := 0
		_, err := readEntries(strings.NewReader(stream), "", func(calllog.Entry) { n++ })
		if err == nil && !strings.Contains(stream, "event: end") {
			t.Error("the stream has no end, and there is no error")
		}
		if data := strings.Count(stream, "data: "); n > data {
			t.Errorf("%d entries from %d pieces of data", n, data)
		}
	})
}

// An answer is read to its end, and no further than is allowed.
func TestReadAnswer(t *testing.T) {
	if b, err := readAnswer(strings.NewReader("1234"), 4); string(b) != "1234" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	_, err := readAnswer(strings.NewReader("12345"), 4)
	if err == nil || !strings.Contains(err.Error(), "larger than 4 bytes") {
		t.Errorf("too much: %v", err)
	}
}
