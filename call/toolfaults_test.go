package call_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
)

// faulty is what goes wrong in a tool.
type faulty struct {
	How string `json:"how" jsonschema:"what goes wrong"`
	N   int    `json:"n,omitempty"`
}

// newFaulty makes a tool that goes wrong as it is told. It heeds no context: what hangs
// does so until release is closed.
func newFaulty(name string, within time.Duration, release <-chan struct{}) tools.Tool {
	return must(tools.New(name, "Goes wrong.", func(_ context.Context, in faulty) (string, error) {
		switch in.How {
		case "hang":
			<-release
			return "too late", nil
		case "panic":
			panic(private)
		case "nil":
			var none *order
			none.ID = "a"
		case "long":
			return strings.Repeat("x", 5<<20), nil
		case "two texts":
			return "", &tools.Error{Say: "There is no such order.", Err: fmt.Errorf("no row")}
		}
		return fmt.Sprint("fine ", in.N), nil
	}, tools.Timeout(within), tools.Failure("It is down.")))
}

// Whatever goes wrong in a tool, its call is answered once, with what the agent may say,
// and written down with its arguments, why it failed, and how long it took.
func TestToolsThatGoWrong(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	r := newRig(t, plan{budgets: agent.Budgets{Message: 128 << 10}, tools: toolSet(t, tools.Config{}, newFaulty("faulty", time.Minute, release), newFaulty("hanging", 300*time.Millisecond, release))})
	c, evi := r.connected()
	const sayArguments = "The arguments of faulty are not valid: "
	tests := []struct{ id, name, arguments, say, err, logged string }{
		{"hang", "hanging", `{"how":"hang"}`, "It is down.", "tools: hanging: no answer within 300ms", `{"how":"hang"}`},
		{"panic", "faulty", `{"how":"panic"}`, "It is down.", "tools: faulty: the handler panicked at toolfaults_test.go:", `{"how":"panic"}`},
		{"nil", "faulty", `{"how":"nil"}`, "It is down.", "tools: faulty: the handler panicked at toolfaults_test.go:", `{"how":"nil"}`},
		{"long", "faulty", `{"how":"long"}`, "It is down.", "tools: faulty: the result has 5242880 bytes, at most 65536 are allowed", `{"how":"long"}`},
		{"texts", "faulty", `{"how":"two texts"}`, "There is no such order.", "tools: faulty: no row", `{"how":"two texts"}`},
		{"type", "faulty", `{"how":7}`, sayArguments + "how: type: 7", `tools: faulty: arguments: "how" breaks "type" of the schema`, `{"how":7}`},
		{"missing", "faulty", `{}`, sayArguments + "required: missing properties: [\"how\"]", `tools: faulty: arguments: the object breaks "required" of the schema`, `{}`},
		{"unknown field", "faulty", `{"how":"fine","x":1}`, sayArguments + "unexpected additional properties", `tools: faulty: arguments: the object breaks "additionalProperties" of the schema`, `{"how":"fine","x":1}`},
		{"no JSON", "faulty", `{"how":"` + private, sayArguments + "they are not JSON.", "tools: faulty: arguments: not JSON", `"(30 bytes, not JSON)"`},
		{"too long", "faulty", `{"how":"` + strings.Repeat("x", 70<<10) + `"}`, sayArguments + "they are too long.", "tools: faulty: arguments: 71690 bytes, at most 65536 are allowed", `"(71690 bytes, too long)"`},
		{"unknown", "no_such_tool", `{"a":1}`, "There is no tool with that name.", "tools: the tool is not on the agent's list", `{"a":1}`},
	}
	for i, test := range tests { // one after another: so many at once are too many
		evi.CallTool(test.id, test.name, test.arguments, true)
		evi.CallTool(test.id, test.name, test.arguments, true)
		r.until(test.id+" is answered", func() bool { return len(evi.sent("tool_error")) == i+1 })
		m := evi.sent("tool_error")[i].Fields
		if content, _ := m["content"].(string); m["tool_call_id"] != test.id || !strings.HasPrefix(content, test.say) {
			t.Errorf("%s: the agent is told %v, want %q", test.id, m, test.say)
		}
	}
	evi.CallTool("fine", "faulty", `{"how":"fine","n":1}`, true)
	evi.CallTool("too", "faulty", `{"how":"fine","n":2}`, true)
	r.until("both are answered", func() bool { return len(evi.sent("tool_response")) == 2 })
	close(release)
	c.HangUp()
	<-c.Done()
	if n := len(evi.sent("tool_error")); n != len(tests) {
		t.Errorf("%d errors, want %d", n, len(tests))
	}
	log := entries(r.record(c), calllog.KindTool)
	if len(log) != len(tests)+2 {
		t.Fatalf("%d tool calls in the log, want %d", len(log), len(tests)+2)
	}
	for i, test := range tests {
		e := log[i]
		if e.Name != test.name || compact(e.Arguments) != test.logged || !strings.HasPrefix(e.Error, test.err) || e.Result != "" {
			t.Errorf("%s: the log has %+v with %s, want %q", test.id, e, e.Arguments, test.err)
		}
	}
	if log[0].MS < 300 || log[0].MS > 5000 {
		t.Errorf("what hung took %d ms by the log", log[0].MS)
	}
	for _, e := range log[len(tests):] {
		if !strings.HasPrefix(e.Result, "fine ") || e.Error != "" {
			t.Errorf("the log has %+v", e)
		}
	}
	noFaults(t, c)
}

func compact(raw json.RawMessage) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return string(raw)
	}
	return string(must(json.Marshal(v)))
}

// A handler that heeds nothing may return long after the call: it changes nothing, and
// the call's end did not wait for it.
func TestToolThatReturnsAfterTheCall(t *testing.T) {
	t.Parallel()
	release, returned := make(chan struct{}), make(chan struct{})
	deaf := must(tools.New("deaf", "", func(context.Context, struct{}) (string, error) {
		defer close(returned)
		<-release
		return "too late", nil
	}, tools.Timeout(time.Minute)))
	r := newRig(t, plan{tools: toolSet(t, tools.Config{}, deaf)})
	c, evi := r.connected()
	evi.CallTool("a", "deaf", `{}`, true)
	r.until("it is begun", func() bool { return len(entries(r.now(c), calllog.KindTool)) == 1 })
	c.HangUp()
	<-c.Done()
	rec := r.record(c)
	close(release)
	<-returned
	before := entries(rec, calllog.KindTool)
	if len(before) != 1 || before[0].Error != "the call ended before the tool answered" {
		t.Errorf("the log has %+v", before)
	}
	if after := entries(r.now(c), calllog.KindTool); len(after) != 1 || after[0].Result != "" || after[0].Error != before[0].Error {
		t.Errorf("afterwards the log has %+v", after)
	}
	if n := len(evi.sent("tool_response")) + len(evi.sent("tool_error")); n != 0 {
		t.Errorf("%d answers to an agent that was left", n)
	}
}

// What is written down of a tool call is masked by rule, whether it is long or short;
// the tool and the agent get what was said.
func TestToolCallsAreWrittenDownRedacted(t *testing.T) {
	t.Parallel()
	type payment struct {
		Card string `json:"card"`
		PIN  int    `json:"pin"`
		Note string `json:"note,omitempty"`
		Who  string `json:"who,omitempty"`
	}
	var got []payment
	pay := must(tools.New("pay", "", func(_ context.Context, in payment) (string, error) {
		got = append(got, in) // one after another
		return `{"paid_with":"` + in.Card + `","who":"` + in.Who + `","reference":"R-1","note":"` + in.Note + `"}`, nil
	}, tools.Secret("who")))
	r := newRig(t, plan{tools: toolSet(t, tools.Config{}, pay)})
	c, evi := r.connected()
	for i, note := range []string{"", strings.Repeat("A long note. ", 2000)} {
		evi.CallTool(fmt.Sprint("t", i), "pay", `{"card":"4111 1111 1111 1111","pin":4321,"who":"Dana","note":"`+note+`"}`, true)
		r.until("it is answered", func() bool { return len(evi.sent("tool_response")) == i+1 })
		if content := evi.sent("tool_response")[i].Fields["content"].(string); !strings.Contains(content, "4111 1111 1111 1111") {
			t.Errorf("the agent is told %.80s", content)
		}
		if got[i].Card != "4111 1111 1111 1111" || got[i].PIN != 4321 {
			t.Errorf("the tool got %.80v", got[i])
		}
	}
	evi.CallTool("t2", "call_4111111111111111", `{"card":"4111 1111 1111 1111"}`, true)
	r.until("it is refused", func() bool { return len(evi.sent("tool_error")) == 1 })
	c.HangUp()
	<-c.Done()
	log := entries(r.record(c), calllog.KindTool)
	if len(log) != 3 {
		t.Fatalf("the log has %+v", log)
	}
	for i, e := range log {
		all := string(must(json.Marshal(e)))
		for _, secret := range []string{"4111 1111", "41111111", "4321", "Dana"} {
			if strings.Contains(all, secret) {
				t.Errorf("%d: the log has %q: %.300s", i, secret, all)
			}
		}
	}
	if log[0].Result != `{"paid_with":"**** **** **** 1111","who":"***","reference":"R-1","note":""}` || compact(log[0].Arguments) != `{"card":"**** **** **** 1111","note":"","pin":"***","who":"***"}` {
		t.Errorf("the log has %s and %s", log[0].Arguments, log[0].Result)
	}
	if !strings.Contains(log[1].Result, "A long note.") || !strings.Contains(string(log[1].Arguments), "A long note.") {
		t.Errorf("the log has %.80s and %.80s", log[1].Arguments, log[1].Result)
	}
}

// The bounds of the registry hold for a call and for all; who is too much is told so at
// once. The metrics name only tools that there are.
func TestTooManyToolsAtOnce(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	slow := must(tools.New("slow", "", func(context.Context, struct{}) (string, error) {
		<-release
		return "done", nil
	}, tools.Timeout(time.Minute)))
	registry := prometheus.NewRegistry()
	r := newRig(t, plan{tools: toolSet(t, tools.Config{MaxPerCall: 2, MaxTotal: 3}, slow),
		configure: func(c *call.Config) { c.Metrics = call.NewMetrics(registry) }})
	first, one := r.connected()
	second, two := r.connected()
	for i := range 3 {
		one.CallTool(fmt.Sprint("a", i), "slow", `{}`, true)
	}
	r.until("the third of a call is refused", func() bool { return len(one.sent("tool_error")) == 1 })
	for i := range 2 {
		two.CallTool(fmt.Sprint("b", i), "slow", `{}`, true)
	}
	r.until("the fourth of all is refused", func() bool { return len(two.sent("tool_error")) == 1 })
	for _, m := range append(one.sent("tool_error"), two.sent("tool_error")...) {
		if m.Fields["content"] != "Too many things are being done at once. Wait for one of them, then try again." {
			t.Errorf("the agent is told %v", m.Fields)
		}
	}
	one.CallTool("x", "made up by the agent", `{}`, true)
	r.until("what is unknown is refused", func() bool { return len(one.sent("tool_error")) == 2 })
	close(release)
	r.until("the others are answered", func() bool { return len(one.sent("tool_response")) == 2 && len(two.sent("tool_response")) == 1 })
	first.HangUp()
	second.HangUp()
	<-first.Done()
	<-second.Done()
	want := map[string]uint64{"slow ok": 3, "slow error": 2, "unknown error": 1}
	if got := toolCounts(t, registry); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// toolCounts is how many tool calls are counted, by tool and result.
func toolCounts(t testing.TB, g prometheus.Gatherer) map[string]uint64 {
	t.Helper()
	counts := map[string]uint64{}
	for _, family := range must(g.Gather()) {
		if family.GetName() != "patchcord_tool_seconds" {
			continue
		}
		for _, m := range family.Metric {
			label := func(name string) string {
				for _, l := range m.Label {
					if l.GetName() == name {
						return l.GetValue()
					}
				}
				return ""
			}
			h := m.GetHistogram()
			counts[label("tool")+" "+label("result")] = h.GetSampleCount()
		}
	}
	return counts
}
