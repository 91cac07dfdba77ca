package chaos

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/phone"
)

// Instance is one process of the service. All its ways out end when it is killed, so that nothing it does afterwards
// has any effect.
type Instance struct {
	w        *World
	name     string
	dir      string // its data folder
	board    *call.Switchboard
	log      *calllog.Writer
	registry *prometheus.Registry
	commands chan command
	dead     chan struct{}

	mu      sync.Mutex // guards what follows
	killed  bool
	leaving bool // it drains
	counted map[string]int
}

// start starts an instance, as the service does: what is left in its spool is stored first, and then what was open
// under its name is closed.
func (w *World) start(name, dir string) (*Instance, error) {
	i := &Instance{w: w, name: name, dir: dir, registry: prometheus.NewRegistry(), commands: make(chan command, 256), dead: make(chan struct{})}
	s := session{w.db, i}
	var err error
	if i.log, err = calllog.NewWriter(calllog.WriterConfig{Store: s, Dir: dir}); err != nil {
		return nil, fmt.Errorf("chaos: start an instance: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = i.log.Flush(ctx) // with the database away it goes on in the background
	w.closeOrphans(name)
	gate := &consent.Gate{Ledger: ledger{s, w.ledger}, Policy: &consenttest.Rules{}}
	if gate.Spool, err = consent.OpenSpool(filepath.Join(dir, "facts")); err != nil {
		return nil, fmt.Errorf("chaos: start an instance: %w", err)
	}
	i.board = call.New(call.Config{Profiles: map[string]*call.Profile{agentName: w.profile(i.voices())},
		Numbers: map[string]string{number.E164(): agentName}, Key: []byte("a key of the test, 32 bytes long"), Instance: name,
		Log: i.log, Store: s, Shared: s, Carrier: account{w.exchange, i}, Gate: gate, Ended: w.heardEnd(i),
		Metrics: call.NewMetrics(i.registry), Logger: zerolog.New(w.logs(i)).Level(zerolog.InfoLevel)})
	gate.Spool.Watch(i.board.Revoked)
	w.wg.Go(i.obey)
	w.wg.Go(i.beat)
	w.mu.Lock()
	w.instances = append(w.instances, i)
	w.mu.Unlock()
	return i, nil
}

// obey passes on the commands of other instances, in order.
func (i *Instance) obey() {
	for {
		select {
		case c := <-i.commands:
			i.board.Obey(c.callID, c.verb, c.text)
		case <-i.dead:
			return
		}
	}
}

// beat says that the instance lives, and closes the calls of those that don't.
func (i *Instance) beat() {
	for {
		if i.w.beat(i.name) {
			for _, head := range i.w.closeOrphans("") {
				_ = i.board.SettleOrphan(context.Background(), head) // another instance, or the next time
			}
		}
		select {
		case <-time.After(beatEvery):
		case <-i.dead:
			return
		}
	}
}

func (i *Instance) isDead() bool {
	select {
	case <-i.dead:
		return true
	default:
		return false
	}
}

// kill ends the instance as SIGKILL does, and returns a copy of its data folder as it was then.
func (i *Instance) kill() (dir string) {
	i.mu.Lock()
	if i.killed {
		i.mu.Unlock()
		return ""
	}
	i.killed = true
	i.counted = counts(i.registry)
	close(i.dead)
	i.mu.Unlock()
	dir = i.w.folder()
	if err := os.CopyFS(dir, os.DirFS(i.dir)); err != nil {
		i.w.broken("copy a data folder: %v", err)
	}
	for _, t := range i.w.talks {
		t.mu.Lock()
		lines := t.lines
		t.mu.Unlock()
		for _, l := range lines {
			if l.of == i {
				l.Break(errBroken)
			}
		}
	}
	i.w.wg.Go(i.bury)
	return dir
}

// bury ends the goroutines of a dead instance.
func (i *Instance) bury() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	i.board.Drain(now)
	_ = i.log.Close(now) // it has no way to the database
}

// leave drains the instance, for so long at most, and ends it.
func (i *Instance) leave(d time.Duration) {
	i.mu.Lock()
	if i.killed || i.leaving {
		i.mu.Unlock()
		return
	}
	i.leaving = true
	i.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	i.board.Drain(ctx)
	if live := i.board.Live(); live != 0 && !i.isDead() {
		i.w.broken("%s has %d calls after it was drained", i.name, live)
	}
	late, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if err := i.log.Close(late); err != nil && !i.isDead() && !i.w.isDisturbed() {
		i.w.broken("%s: close the call log: %v", i.name, err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.killed {
		i.killed = true
		i.counted = counts(i.registry)
		close(i.dead)
	}
}

// counts is the calls that were counted, by outcome.
func counts(r *prometheus.Registry) map[string]int {
	n := map[string]int{}
	all, err := r.Gather()
	if err != nil {
		panic("internal error: chaos: " + err.Error())
	}
	for _, family := range all {
		if family.GetName() != "patchcord_calls_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "outcome" {
					n[l.GetValue()] += int(m.GetCounter().GetValue())
				}
			}
		}
	}
	return n
}

// must is a number that is known to be one.
func must(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic("internal error: chaos: " + err.Error())
	}
	return n
}
