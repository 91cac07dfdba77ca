package call_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
)

// bench is a registry with the tools of these tests.
type bench struct {
	set     tools.Set
	ran     atomic.Int64
	begun   chan string   // each run of the slow tool, as it begins
	release chan struct{} // lets one of them go on
	cut     chan error    // why one was cancelled
}

type order struct {
	ID string `json:"order_id"`
}

func newBench(t *testing.T) *bench {
	t.Helper()
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patient)
		defer cancel()
		if err := registry.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	b := &bench{begun: make(chan string, 8), release: make(chan struct{}), cut: make(chan error, 8)}
	b.add(t, registry, "order_status", func(_ context.Context, o order) (string, error) {
		b.ran.Add(1)
		return "on its way: " + o.ID, nil
	})
	b.add(t, registry, "broken", func(context.Context, order) (string, error) { return "", errors.New("no such table") })
	b.add(t, registry, "slow", func(ctx context.Context, o order) (string, error) {
		b.begun <- o.ID
		select {
		case <-b.release:
			return "at last", nil
		case <-ctx.Done():
			b.cut <- context.Cause(ctx)
			return "", ctx.Err()
		}
	})
	b.add(t, registry, "hidden", func(context.Context, order) (string, error) {
		t.Error("a tool that the agent may not use is run")
		return "", nil
	})
	if b.set, err = registry.Only("order_status", "broken", "slow"); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) add(t *testing.T, r *tools.Registry, name string, handle func(context.Context, order) (string, error)) {
	t.Helper()
	tool, err := tools.New(name, "A tool of the test.", handle, tools.Failure("It is down."), tools.Timeout(time.Minute))
	if err == nil {
		err = r.Add(tool)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A tool call is run once and answered once, however often it comes; what can't
// be run is answered with an error; what wants no answer gets none.
func TestTools(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := newRig(t, plan{tools: b.set})
	c, agent := r.connected()
	r.until("the agent is told of its tools", func() bool { return len(agent.sent("session_settings")) == 1 })
	for range 3 {
		agent.CallTool("t1", "order_status", `{"order_id":"7"}`, true)
	}
	agent.CallTool("t2", "broken", `{"order_id":"7"}`, true)
	agent.CallTool("t3", "hidden", `{"order_id":"7"}`, true)
	// No more at once than the registry lets one call have.
	r.until("the first are answered", func() bool { return len(agent.sent("tool_error")) == 2 && len(agent.sent("tool_response")) == 1 })
	agent.CallTool("t4", "order_status", `{"order":7}`, true)
	agent.CallTool("t5", "order_status", `not JSON`, true)
	agent.CallTool("t6", "order_status", `{"order_id":"8"}`, false)
	agent.CallTool("t1", "order_status", `{"order_id":"7"}`, true)
	r.until("all is answered", func() bool {
		return len(agent.sent("tool_error")) >= 4 && len(agent.sent("tool_response")) >= 1 && b.ran.Load() >= 2
	})
	c.HangUp()
	<-c.Done()
	<-agent.Done()
	answers := agent.sent("tool_response")
	if len(answers) != 1 || answers[0].Fields["tool_call_id"] != "t1" || answers[0].Fields["content"] != "on its way: 7" {
		t.Errorf("answers: %v", answers)
	}
	failed := map[any]int{}
	for _, m := range agent.sent("tool_error") {
		failed[m.Fields["tool_call_id"]]++
		if m.Fields["tool_call_id"] == "t2" && m.Fields["content"] != "It is down." {
			t.Errorf("the agent may say %q", m.Fields["content"])
		}
	}
	for _, id := range []string{"t2", "t3", "t4", "t5"} {
		if failed[id] != 1 || len(failed) != 4 {
			t.Errorf("errors by id: %v, want one for each of t2 to t5", failed)
		}
	}
	if got := b.ran.Load(); got != 2 {
		t.Errorf("the tool ran %d times, want twice", got)
	}
	if log := entries(r.record(c), calllog.KindTool); len(log) != 6 || log[0].Name != "order_status" || log[0].Result != "on its way: 7" || log[0].Error != "" {
		t.Errorf("the log has %+v", log)
	}
	noFaults(t, c)
}

// A slow tool keeps neither of the two from hearing the other.
func TestSlowToolBesideTheSound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := newRig(t, plan{tools: b.set})
	c, agent := r.connected()
	agent.CallTool("t1", "slow", `{"order_id":"7"}`, true)
	<-b.begun
	agent.reply(t, "a", "One moment.", 440, 500*time.Millisecond)
	c.Speak(sound(500*time.Millisecond, 20))
	r.until("both are heard", func() bool {
		return heardTone(c.Heard(), 440) >= 480*time.Millisecond && count(agent.Heard(), 20) == 500*time.Millisecond
	})
	if n := len(agent.sent("tool_response")); n != 0 {
		t.Errorf("%d answers before there is one", n)
	}
	b.release <- struct{}{}
	r.until("the tool is answered", func() bool { return len(agent.sent("tool_response")) == 1 })
	c.HangUp()
	<-c.Done()
	if log := entries(r.record(c), calllog.KindTool); len(log) != 1 || log[0].Result != "at last" || log[0].MS < 400 {
		t.Errorf("the log has %+v", log)
	}
}

// A tool that is under way when the call ends is cancelled, and the log says so.
func TestToolWhenTheCallEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := newRig(t, plan{tools: b.set})
	c, agent := r.connected()
	agent.CallTool("t1", "slow", `{"order_id":"7"}`, true)
	<-b.begun
	c.HangUp()
	<-c.Done()
	if err := <-b.cut; err == nil {
		t.Error("the tool isn't told why")
	}
	if log := entries(r.record(c), calllog.KindTool); len(log) != 1 || log[0].Error == "" {
		t.Errorf("the log has %+v", log)
	}
	if n := len(agent.sent("tool_response")) + len(agent.sent("tool_error")); n != 0 {
		t.Errorf("%d answers to an agent that was left", n)
	}
}

// A tool outlives the connection of the agent that asked for it, and the stream:
// whoever goes on with the conversation gets the answer.
func TestToolOutlivesSockets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := newRig(t, plan{tools: b.set})
	c, agent := r.connected()
	agent.CallTool("t1", "slow", `{"order_id":"7"}`, true)
	<-b.begun
	agent.Drop()
	second := r.chat()
	second.CallTool("t1", "slow", `{"order_id":"7"}`, true)
	c.CutStream()
	third := r.chat()
	b.release <- struct{}{}
	r.until("the tool is answered", func() bool { return len(third.sent("tool_response")) == 1 })
	if got := third.sent("tool_response")[0].Fields["tool_call_id"]; got != "t1" || len(b.begun) != 0 {
		t.Errorf("the answer is to %v, and the tool ran again %d times", got, len(b.begun))
	}
	c.HangUp()
	<-c.Done()
	if log := entries(r.record(c), calllog.KindTool); len(log) != 1 || log[0].Result != "at last" {
		t.Errorf("the log has %+v", log)
	}
}
