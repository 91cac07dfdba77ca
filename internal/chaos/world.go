package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/phone"
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

// profile is the agent of an instance.
func (w *World) profile(voices []*call.Voice) *call.Profile {
	return &call.Profile{Name: agentName, Voices: voices, Fallback: call.Fallback{Say: "Sorry, we can't take your call right now."},
		Opening: &call.Opening{Text: openingText, Clip: openingClip}, Tools: w.tools,
		Builtins:  []string{call.ToolEndCall, call.ToolTransferCall, call.ToolSendDigits, "stop_calling"},
		Transfers: builtin.Transfers{{Number: transfer}}, Seller: seller, Purpose: consent.Informational}
}

// makeTools makes a tool that is quick and one that hangs.
func (w *World) makeTools() error {
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		return err
	}
	w.registry = registry
	quick, err1 := tools.New("look_up", "Looks something up.", func(context.Context, struct{}) (string, error) {
		time.Sleep(300 * time.Millisecond)
		return "found", nil
	})
	hangs, err2 := tools.New("hang", "Never answers, whatever its deadline.", func(context.Context, struct{}) (string, error) {
		<-w.release
		return "", errors.New("chaos: a tool that hung")
	})
	if err := errors.Join(err1, err2, registry.Add(quick), registry.Add(hangs)); err != nil {
		return err
	}
	w.tools, err = registry.Only("look_up", "hang")
	return err
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

func (w *World) alive() (list []*Instance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, i := range w.instances {
		if !i.isDead() {
			list = append(list, i)
		}
	}
	return list
}

// serving is where the balancer sends requests: to the instances that live, and of those that drain only if there is
// no other.
func (w *World) serving() (list []*Instance) {
	all := w.alive()
	for _, i := range all {
		if !i.board.Draining() {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return all
	}
	return list
}

func (w *World) names(id carrier.CallID, t *Talk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bySIDs[id] = t
}

func (w *World) bySID(id carrier.CallID) *Talk {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bySIDs[id]
}

func (w *World) byID(id string) *Talk {
	for _, t := range w.talks {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (w *World) byParty(p phone.Party) *Talk {
	for _, t := range w.talks {
		if t.number().E164() == string(p) {
			return t
		}
	}
	return nil
}

func (w *World) byLine(l *carriertest.Line) *Talk {
	for _, t := range w.talks {
		if c := t.carried(); c != nil && c.Line() == l {
			return t
		}
	}
	return nil
}

// logf writes a line of the world's log.
func (w *World) logf(t *Talk, format string, args ...any) {
	who := "world"
	if t != nil {
		who = fmt.Sprintf("call %d", t.plan.N)
	}
	line := fmt.Sprintf("%9.3f %s: %s", time.Since(w.began).Seconds(), who, fmt.Sprintf(format, args...))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

// broken notes that something is wrong with the world itself.
func (w *World) broken(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *World) orphaned(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.orphans[id] = true
}

func (w *World) isDisturbed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.disturbed) > 0
}

// logs is where an instance writes its log.
func (w *World) logs(i *Instance) io.Writer { return logWriter{i} }

type logWriter struct{ of *Instance }

func (l logWriter) Write(b []byte) (int, error) {
	if !l.of.isDead() {
		l.of.w.logf(nil, "%s: %s", l.of.name, bytes.TrimSpace(b))
	}
	return len(b), nil
}
