package chaos

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/calllog"
)

// Report adds up what came of many worlds.
type Report struct {
	Worlds, Calls int
	First, Last   uint64         // seeds
	Broken        map[string]int // by invariant
	Outcomes      map[string]int
	Faults        map[string]map[string]int
	Reached       map[Pair]int
}

// NewReport makes an empty one.
func NewReport() *Report {
	return &Report{Broken: map[string]int{}, Outcomes: map[string]int{}, Faults: map[string]map[string]int{}, Reached: map[Pair]int{}}
}

// Add adds a world.
func (r *Report) Add(one *Result) {
	if r.Worlds == 0 {
		r.First = one.Plan.Seed
	}
	r.Worlds++
	r.Calls += len(one.Plan.Calls)
	r.Last = one.Plan.Seed
	for _, v := range one.Violations {
		name, _, _ := strings.Cut(v, ":")
		r.Broken[name]++
	}
	addUp(r.Outcomes, one.Outcomes)
	addUp(r.Reached, one.Reached)
	for fault, outcomes := range one.Faults {
		if r.Faults[fault] == nil {
			r.Faults[fault] = map[string]int{}
		}
		addUp(r.Faults[fault], outcomes)
	}
}

func addUp[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

// Never is the pairs of a phase and an event that can be, and never were.
func (r *Report) Never() (list []Pair) {
	for _, e := range allEvents() {
		for _, p := range Phases {
			if pair := (Pair{p, e.Name}); Possible(p, e) && r.Reached[pair] == 0 {
				list = append(list, pair)
			}
		}
	}
	return list
}

func allEvents() []*Event {
	return slices.Concat(Acts, Endings, LineFaults, AgentFaults, CarrierFaults, WorldFaults)
}

const head = `# Reliability

Written by ` + "`make soak`" + `; don't edit it. ` + "`internal/chaos`" + ` plays whole calls in virtual time, on one to three instances behind
a balancer that is not sticky, and lets go wrong what goes wrong in the field, at moments that a seed chooses. After each
world the invariants are checked. ` + "`make test`" + ` plays 500 calls, and all seeds that ever failed.

`

// exclusions is what is known not to hold, by the name of its exclusion in the code.
const exclusions = `
## What is known not to hold

Found by these runs and not mended. Each is left out of the count above by its name in ` + "`internal/chaos`" + `.

- ` + "`raced`" + `: a line that comes within some 20 ms before the end of its call is written makes another instance end and count
  the call again.
- ` + "`twoRecords`" + `: a placed call that is put through while the database is away can leave a second record without an outcome.
- ` + "`unknowns`" + `: while the database is away or slow, an outcome can be replaced by a later owner's, and be told twice.
- ` + "`unproved`" + `: while marks are lost, an ending can wait up to 10 s without a sound.
- ` + "`asTheyCome`" + `: frames of the caller's that arrive in another order, or twice, reach the agent so.

Dead air is not counted on a line that is half-open or congested. With an instance that is killed, neither holes in the
log's numbers nor outcomes that nobody counted are.
`

// Write writes docs/RELIABILITY.md.
func (r *Report) Write(w io.Writer) {
	io.WriteString(w, head)
	fmt.Fprintf(w, "This run: **%d calls** in %d worlds, seeds %d to %d.\n\n## Invariants\n\n| invariant | what it says | broken |\n|---|---|---|\n",
		r.Calls, r.Worlds, r.First, r.Last)
	for _, i := range Invariants {
		fmt.Fprintf(w, "| %s | %s | %d |\n", i.Name, i.What, r.Broken[i.Name])
	}
	fmt.Fprintf(w, "| world | Nothing is left when all is over: no goroutine, no call that an instance keeps, no log that can't be closed. | %d |\n",
		r.Broken["world"])
	io.WriteString(w, exclusions)
	fmt.Fprintf(w, "\n## Outcomes\n\n%s\n", counted(r.Outcomes))
	for _, table := range []struct {
		title  string
		events []*Event
	}{{"The line", LineFaults}, {"The agent", AgentFaults}, {"The carrier", CarrierFaults}, {"The world", WorldFaults}} {
		fmt.Fprintf(w, "\n## %s\n\nHow the calls ended to which it happened, with whatever else happened to them.\n\n| fault | what happens | calls | outcomes |\n|---|---|---|---|\n", table.title)
		for _, e := range table.events {
			n := 0
			for _, k := range r.Faults[e.Name] {
				n += k
			}
			fmt.Fprintf(w, "| %s | %s | %d | %s |\n", e.Name, e.What, n, counted(r.Faults[e.Name]))
		}
	}
	r.writePairs(w)
}

// counted is numbers in the order of the outcomes.
func counted(n map[string]int) string {
	var list []string
	for _, o := range append(slices.Clone(calllog.Outcomes), "", "no record") {
		if n[o] > 0 {
			list = append(list, fmt.Sprintf("%s %d", cmp.Or(o, "no outcome"), n[o]))
		}
	}
	return strings.Join(list, ", ")
}

// writePairs writes in which phases each event happened, and where it never did.
func (r *Report) writePairs(w io.Writer) {
	fmt.Fprint(w, "\n## Events and phases\n\nHow often each event happened in each phase of a call; – where it can't.\n\n| event |")
	for _, p := range Phases {
		fmt.Fprintf(w, " %s |", p)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(Phases)))
	for _, e := range allEvents() {
		fmt.Fprintf(w, "| %s |", e.Name)
		for _, p := range Phases {
			if !Possible(p, e) {
				fmt.Fprint(w, " – |")
				continue
			}
			fmt.Fprintf(w, " %d |", r.Reached[Pair{p, e.Name}])
		}
		fmt.Fprintln(w)
	}
	never := map[Phase][]string{}
	for _, pair := range r.Never() {
		never[pair.Phase] = append(never[pair.Phase], pair.Event)
	}
	fmt.Fprintf(w, "\nNever reached: %d of these pairs.\n", len(r.Never()))
	for _, p := range slices.Sorted(maps.Keys(never)) {
		fmt.Fprintf(w, "\n- %s: %s\n", p, strings.Join(never[p], ", "))
	}
}
