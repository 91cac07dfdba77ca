//go:build !race

package call

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio"
)

// feed is a connection on which Twilio's start comes, then so many frames of
// 20 ms as fast as they are read, and then nothing. What is written is gone.
type feed struct {
	net.Conn // nil; what is not below is not called

	left, at int
	message  []byte
	frame    []byte // what is left of it to be read
	closed   chan struct{}
	once     sync.Once
}

const startMessage = `{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","accountSid":"AC1","callSid":"CA1","tracks":["inbound"],"customParameters":{}}}`

var payload = base64.StdEncoding.EncodeToString(legtest.Tone(20, 20))

func (f *feed) Read(b []byte) (int, error) {
	if len(f.frame) == 0 {
		if f.left == 0 {
			<-f.closed
			return 0, io.EOF
		}
		f.message = append(f.message[:0], 0x81, 0x80|126, 0, 0, 0, 0, 0, 0) // a text frame, masked with zeros
		if f.at == 0 {
			f.message = append(f.message, startMessage...)
		} else {
			f.left--
			f.message = append(f.message, `{"event":"media","sequenceNumber":"7","media":{"track":"inbound","chunk":"7","timestamp":"`...)
			f.message = strconv.AppendInt(f.message, int64(20*f.at), 10)
			f.message = append(f.message, `","payload":"`...)
			f.message = append(f.message, payload...)
			f.message = append(f.message, `"},"streamSid":"MZ1"}`...)
		}
		f.at++
		n := len(f.message) - 8
		f.message[2], f.message[3] = byte(n>>8), byte(n)
		f.frame = f.message
	}
	n := copy(b, f.frame)
	f.frame = f.frame[n:]
	return n, nil
}

func (f *feed) Write(b []byte) (int, error)      { return len(b), nil }
func (f *feed) Close() error                     { f.once.Do(func() { close(f.closed) }); return nil }
func (f *feed) SetDeadline(time.Time) error      { return nil }
func (f *feed) SetReadDeadline(time.Time) error  { return nil }
func (f *feed) SetWriteDeadline(time.Time) error { return nil }

// taken is an HTTP exchange that hands out a feed.
type taken struct {
	http.ResponseWriter
	conn *feed
}

func (h taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 4096), bufio.NewWriterSize(h.conn, 4096)), nil
}

// sink is an EVI that greets, counts bytes, and tells when there are enough.
func sink(t testing.TB, enough int, done chan<- struct{}) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer ws.Close()
		if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"chat_metadata","chat_id":"c","chat_group_id":"g","request_id":"r"}`)); err != nil {
			t.Error(err)
		}
		buf := make([]byte, 64<<10)
		for got := 0; ; {
			n, err := ws.NetConn().Read(buf)
			if err != nil {
				return
			}
			if got += n; got >= enough && got-n < enough {
				close(done)
			}
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// carryFrames carries so many frames of a caller through a call: from Twilio's
// socket through run to EVI's. It calls begin when everything stands.
func carryFrames(t testing.TB, frames int, folder *recording.Folder, begin func()) {
	t.Helper()
	const size = 8 + len(`{"type":"audio_input","data":""}`) + 428 // of a message to EVI: 160 samples of linear16
	done := make(chan struct{})
	s := sink(t, frames*size, done)
	log, err := calllog.NewWriter(calllog.WriterConfig{Store: NewShelf(), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close(context.Background())
	profile := &Profile{Name: "support", Voices: []*Voice{NewVoice("evi", &agent.EVI{URL: s.URL, APIKey: "key"})}, Record: true}
	c := newCall(context.Background(), profile, Limits{Duration: time.Hour, Inactivity: time.Hour}, calllog.Call{ID: newID(), StartedAt: time.Now()},
		log, NewMetrics(prometheus.NewRegistry()), zerolog.Nop(), nil)
	c.announce, c.recordings = func(*Call, Outcome) {}, folder

	r := httptest.NewRequest("GET", "/twilio/media", nil)
	r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="}}
	stream, err := twilio.Accept(taken{httptest.NewRecorder(), &feed{left: frames, closed: make(chan struct{})}}, r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Receive(c.ctx); err != nil { // start
		t.Fatal(err)
	}
	d := <-c.link.dialled // an agent that listens before the first frame comes
	if d.err != nil {
		t.Fatal(d.err)
	}
	c.onDialled(d, time.Now())
	begin()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.run(twiliocarrier.NewLine(stream))
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("not all frames arrived")
	}
	c.end(errCallerGone)
	<-ended
	c.endTape(&c.journal, c.metrics, &c.log, time.Now())
}

// The WebSocket library allocates once for each message, read or written. Beside
// that a frame on its way from Twilio to EVI costs next to nothing.
func TestFrameAllocates(t *testing.T) {
	const frames, ofGorilla, ours = 5000, 2, 1
	var before, after runtime.MemStats
	for _, folder := range []*recording.Folder{nil, recording.NewFolder(t.TempDir())} {
		carryFrames(t, frames, folder, func() { runtime.ReadMemStats(&before) })
		runtime.ReadMemStats(&after)
		got := float64(after.Mallocs-before.Mallocs) / frames
		if t.Logf("%.2f allocations for each frame", got); got > ofGorilla+ours {
			t.Errorf("want %d at most", ofGorilla+ours)
		}
	}
}

// BenchmarkCall is the way of one frame through a whole call, sockets included.
func BenchmarkCall(b *testing.B) { benchmarkCall(b, nil) }

// BenchmarkRecordedCall is the same of a call that is recorded, as far as the frame waits
// for it. The frames come faster than time passes, so most are silence in the file.
func BenchmarkRecordedCall(b *testing.B) { benchmarkCall(b, recording.NewFolder(b.TempDir())) }

func benchmarkCall(b *testing.B, folder *recording.Folder) {
	b.ReportAllocs()
	carryFrames(b, b.N, folder, b.ResetTimer)
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/frame")
}
