package chaos

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/tools"
)

const (
	agentName = "support"
	horizon   = 21 * time.Second // when all callers have hung up
	aftermath = 4 * time.Minute  // in which all that is left has to come to an end
)

var (
	number   = must("+14155550100")
	transfer = must("+14155550199")
	seller   = consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental",
		Callback: must("+14155550123"), TollfreeOptout: must("+18005550123")}
	openingText = "Hello, this is Riverbend Dental. To stop these calls, press 9. I'm an AI assistant, and this call is recorded."
	openingClip = bytes.Repeat([]byte{0x7e}, 1000*8) // a second
)

// World is a plan that is being played.
type World struct {
	plan     Plan
	dir      string
	began    time.Time
	db       *database
	ledger   *consenttest.Ledger
	exchange *carriertest.Exchange
	registry *tools.Registry
	tools    tools.Set
	talks    []*Talk
	wg       sync.WaitGroup // of all that has to end before the world does
	release  chan struct{}  // closed for tools that hang

	mu        sync.Mutex // guards what follows
	instances []*Instance
	bySIDs    map[carrier.CallID]*Talk
	beats     map[string]time.Time
	folders   int
	lines     []string // the log
	problems  []string // what the world itself noticed
	disturbed []string // by faults of the world
	orphans   map[string]bool
	killings  int
	ends      map[string]int // by our id: how often the end of a placed call was told
	rung      map[string]int // by our id: telephones that rang
	reached   map[Pair]int
}

// Run plays a plan within a bubble of testing/synctest; dir is an empty folder.
func Run(p Plan, dir string) *Result {
	w := &World{plan: p, dir: dir, began: time.Now(), db: newDatabase(), ledger: &consenttest.Ledger{}, exchange: &carriertest.Exchange{},
		release: make(chan struct{}), bySIDs: map[carrier.CallID]*Talk{}, beats: map[string]time.Time{}, orphans: map[string]bool{},
		ends: map[string]int{}, rung: map[string]int{}, reached: map[Pair]int{}}
	w.exchange.Service, w.exchange.Called = Balancer{w}, w.rings
	w.ledger.Watch = w.revoked
	for _, c := range p.Calls {
		w.talks = append(w.talks, &Talk{w: w, plan: c, up: stamped{first: upFirst}, down: stamped{first: downFirst}, acted: map[string]bool{},
			id: fmt.Sprintf("placed-%d", c.N)})
	}
	if err := w.makeTools(); err != nil {
		w.broken("tools: %v", err)
	}
	for n := range p.Instances {
		if _, err := w.start(fmt.Sprintf("instance-%d", n+1), w.folder()); err != nil {
			w.broken("%v", err)
			return w.result()
		}
	}
	var playing sync.WaitGroup
	for _, t := range w.talks {
		playing.Go(t.play)
	}
	for _, f := range p.Faults {
		playing.Go(func() { w.fault(f) })
	}
	time.Sleep(horizon)
	for _, t := range w.talks {
		if c := t.carried(); c != nil {
			c.HangUp()
		}
	}
	playing.Wait()
	w.db.disturb(false, 0)
	w.ledger.Set(consenttest.Well)
	time.Sleep(aftermath)
	close(w.release)
	w.end()
	return w.result()
}

// end ends all that runs.
func (w *World) end() {
	w.checkIdle()
	var leaving sync.WaitGroup
	for _, i := range w.alive() {
		leaving.Go(func() { i.leave(10 * time.Second) })
	}
	leaving.Wait()
	w.exchange.End()
	w.wg.Wait()
	if err := w.registry.Close(context.Background()); err != nil {
		w.broken("close the tools: %v", err)
	}
}

// folder makes the name of a folder that does not exist yet.
func (w *World) folder() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.folders++
	return filepath.Join(w.dir, fmt.Sprintf("data-%d", w.folders))
}

// rings is the telephone that a call is placed to.
func (w *World) rings(c *carriertest.Call) carrier.State {
	t := w.byID(c.OurID)
	w.names(c.ID, t)
	t.mu.Lock()
	t.call = c
	t.mu.Unlock()
	w.mu.Lock()
	w.rung[c.OurID]++
	if !w.ledger.Permitted(c.OurID) {
		w.problems = append(w.problems, "a telephone rings without a permit in the ledger: "+c.OurID)
	}
	w.mu.Unlock()
	w.logf(t, "the telephone rings")
	select {
	case <-time.After(t.plan.Rings):
	case <-c.Done():
	}
	return t.plan.Answer
}

// revoked tells every instance of a fact of the ledger.
func (w *World) revoked(f consent.Fact) {
	for _, i := range w.alive() {
		i.board.Revoked(f)
	}
}

// heardEnd counts the ends of placed calls that an instance tells of.
func (w *World) heardEnd(i *Instance) func(calllog.Call) {
	return func(head calllog.Call) {
		if i.isDead() {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ends[head.ID]++
	}
}
