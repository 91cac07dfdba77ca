package postgres_test

import (
	"context"
	"fmt"
	"io"
	"net"
	neturl "net/url"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// These tests run the call log's writer against a real server that goes away.

func newWriter(t *testing.T, s calllog.Store, dir string) *calllog.Writer {
	t.Helper()
	w, err := calllog.NewWriter(calllog.WriterConfig{Store: s, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(context.Background()) })
	return w
}

func flush(t *testing.T, w *calllog.Writer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := w.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// untilSpooled waits until so many changes are on disk.
func untilSpooled(t *testing.T, w *calllog.Writer, n int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); w.Spooled() < n; <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("%d changes are spooled, want %d", w.Spooled(), n)
		}
	}
}

// wantAll checks that the call has the entries 1 to n, each in its last writing.
func wantAll(t *testing.T, s calllog.Store, n int) {
	t.Helper()
	entries := get(t, s, "a").Entries
	if len(entries) != n {
		t.Errorf("%d entries are stored, want %d", len(entries), n)
	}
	for i, e := range entries {
		if want := fmt.Sprintf("heard %d", i+1); e.Seq != i+1 || e.Text != want {
			t.Errorf("entry %d is %d, %q; want %q", i+1, e.Seq, e.Text, want)
		}
	}
}

// talk puts entries as an agent's are: begun, then known how far it was heard.
func talk(w *calllog.Writer, from, to int) {
	for seq := from; seq <= to; seq++ {
		w.Put(entry("a", seq, fmt.Sprint("begun ", seq)))
		w.Put(entry("a", seq, fmt.Sprint("heard ", seq)))
	}
}

func TestConnectionsAreCut(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	line := newProxy(t, url)
	s := postgrestest.Open(t, line.url).Calls()
	w := newWriter(t, s, t.TempDir())
	w.Put(calllog.Change{Call: ringing("a", 1)})
	talk(w, 1, 20)
	flush(t, w)
	line.cut()
	talk(w, 21, 60)
	untilSpooled(t, w, 80)
	line.restore()
	talk(w, 61, 70)
	flush(t, w)
	wantAll(t, s, 70)
	if w.Failures() == 0 {
		t.Error("the outage was not noticed")
	}
}

func TestServerIsHalted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	db := openPrivate(t, server.URLs)
	w := newWriter(t, db.Calls(), t.TempDir())
	w.Put(calllog.Change{Call: ringing("a", 1)})
	talk(w, 1, 5)
	flush(t, w)

	pid := pgservertest.Postmaster(t, dir)
	pgservertest.Halt(t, pid)
	talk(w, 6, 25)
	untilSpooled(t, w, 40) // though the server has not even refused anything
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := db.Ping(ctx); err == nil {
		t.Error("Ping says that a halted server answers")
	}
	pgservertest.Resume(t, pid)
	flush(t, w)
	wantAll(t, db.Calls(), 25)
}

// The bridge and the database go down together; what the one had spooled, the
// next run stores.
func TestBothGoDown(t *testing.T) {
	t.Parallel()
	dir, spool := t.TempDir(), t.TempDir()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	db := openPrivate(t, server.URLs)
	w := newWriter(t, db.Calls(), spool)
	w.Put(calllog.Change{Call: ringing("a", 1)})
	talk(w, 1, 5)
	flush(t, w)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	talk(w, 6, 9)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.Close()

	db = postgrestest.Open(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs.App)
	w = newWriter(t, db.Calls(), spool)
	flush(t, w)
	wantAll(t, db.Calls(), 9)
}

// The nastiest things that an agent or a caller could send are stored as text
// that Postgres can hold, and nothing of them is refused.
func TestNothingPoisonsTheStore(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	w := newWriter(t, s, t.TempDir())
	nasty := []string{"nul \x00", "bad \xff\xfe utf-8", `\u0000`, "'; drop table calls; --", "\u202e\U0001F600", "\ud7ff\ue000"}
	c := ringing("a", 1)
	c.From, c.ChatIDs, c.Opening = nasty[0], nasty, &calllog.Opening{Text: nasty[1]}
	c.AnsweredAt = &time.Time{}
	w.Put(calllog.Change{Call: c})
	for i, text := range nasty {
		w.Put(calllog.Change{CallID: "a", Entry: &calllog.Entry{
			Seq: i + 1, Kind: calllog.KindTool, Text: text, Name: text, Result: text, Error: text,
			Emotions:  map[string]float64{text: 0.5},
			Arguments: []byte(`{"text":"\u0000` + text + `\ud800"}`),
		}})
	}
	flush(t, w)
	if w.Rejected() != 0 {
		t.Errorf("%d changes were rejected", w.Rejected())
	}
	call := get(t, s, "a")
	if len(call.Entries) != len(nasty) || call.From != "nul \uFFFD" {
		t.Errorf("%d entries are stored, from %q", len(call.Entries), call.From)
	}
	if got := call.Entries[3].Text; got != nasty[3] {
		t.Errorf("harmless text was changed to %q", got)
	}
}

// openPrivate migrates a server's database and connects to it as the service does.
func openPrivate(t testing.TB, urls pgserver.URLs) *postgres.DB {
	t.Helper()
	postgrestest.Migrate(t, urls.Owner)
	return postgrestest.Open(t, urls.App)
}

// proxy is a line to a server that can be cut.
type proxy struct {
	url     string
	server  string
	running sync.WaitGroup

	mu    sync.Mutex
	isCut bool
	conns map[net.Conn]bool
}

func newProxy(t *testing.T, url string) *proxy {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: u.Host, conns: map[net.Conn]bool{}}
	u.Host = l.Addr().String()
	p.url = u.String()
	p.running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.carry(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); p.cut(); p.running.Wait() })
	return p
}

func (p *proxy) carry(client net.Conn) {
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = true, true
	if p.isCut {
		client.Close()
		server.Close()
	}
	p.mu.Unlock()
	p.running.Go(func() { io.Copy(server, client); server.Close() })
	io.Copy(client, server)
	client.Close()
}

// cut breaks all connections, and new ones at once.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isCut = true
	for conn := range p.conns {
		conn.Close()
	}
}

func (p *proxy) restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isCut = false
}
