package tools

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// Servers that do not come up are told apart in the log, and their tools answer at once.
func TestMCPServersThatDoNotComeUp(t *testing.T) {
	for name, want := range map[string]string{
		"exits":   "the command ended: exit status 3",
		"silent":  "it does not answer",
		"garbage": "the connection was closed by the server, or because it sent invalid MCP",
		"looping": "it has more than 64 pages",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &journal{}
			config := own(t, name)
			config.Start = 2 * time.Second
			r := joined(t, zerolog.New(log), config)
			answer := calls(t, r, name+".look", "")
			if answer.OK || answer.Took > 100*time.Millisecond || answer.Say != defaultFailure || !strings.Contains(answer.Err, name+" is down since") {
				t.Errorf("answer is %+v", answer)
			}
			eventually(t, "the log tells why", func() bool { return strings.Contains(log.String(), want) })
			if strings.Contains(log.String()+answer.Err, "Dana") {
				t.Errorf("the log quotes the server: %s, %s", log, answer.Err)
			}
		})
	}
}

// Of a command that its launcher could not start the reason is told, and nothing that a command wrote.
func TestMCPCommandThatNeverBegan(t *testing.T) {
	t.Parallel()
	explain := func(code int, stderr string) string {
		if code != 125 {
			return ""
		}
		return fmt.Sprintf("%d bytes, beginning with %q", len(stderr), stderr[:12])
	}
	for script, want := range map[string]string{
		"echo no such thing >&2; exit 125":                          `can't start the command: 14 bytes, beginning with "no such thin"`,
		"printf '%2000s' Dana >&2; printf '%2000s' x >&2; exit 125": `can't start the command: 1024 bytes, beginning with "            "`,
		"echo Dana >&2; exit 3":                                     "the command ended: exit status 3",
	} {
		m, err := NewMCP(MCPConfig{Name: "x", Command: []string{"/bin/sh", "-c", script}, Explain: explain})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Probe(t.Context()); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", script, err, want)
		}
	}
}

// A server that sends without end is cut off. What it sent is not kept, and another server's tools are not kept waiting.
func TestMCPServerThatFloods(t *testing.T) {
	for _, how := range []string{"flood", "line"} {
		t.Run(how, func(t *testing.T) {
			log := &journal{}
			useful := own(t, "useful")
			useful.Timeout = time.Minute // so that the deadline is not what ends it
			r := joined(t, zerolog.New(log), useful, MCPConfig{Name: "other", Command: []string{sdkServer(t, "everything")}})
			p, _ := isUp(r, "useful")
			before := heap()
			answers := make(chan Answer, 1)
			go func() { answers <- calls(t, r, "useful."+how, "") }()
			most, slowest, others := uint64(0), time.Duration(0), 0
			for flooding := true; flooding; {
				select {
				case answer := <-answers:
					flooding = false
					if answer.OK || answer.Took >= useful.Timeout || answer.Say != defaultFailure {
						t.Errorf("answer is %+v", answer)
					}
				case <-time.After(20 * time.Millisecond): // or the flood waits for this, on a busy machine
					most = max(most, heap())
					others++
					other := calls(t, r, "other.greet", `{"name":"Dana"}`)
					if slowest = max(slowest, other.Took); !other.OK {
						t.Errorf("the other server's tool answers %+v", other)
					}
				}
			}
			if grown := int64(most) - int64(before); grown > 32<<20 {
				t.Errorf("memory grew by %d MiB", grown>>20)
			}
			if slowest > 5*time.Second { // the default deadline of a tool is 8 s
				t.Errorf("the other server's tool took %v", slowest)
			}
			eventually(t, "the server is ended", func() bool { return syscall.Kill(p.cmd.Process.Pid, 0) != nil })
			eventually(t, "the server is back", func() bool { return calls(t, r, "useful.key", "").OK })
			if how == "flood" && !strings.Contains(log.String(), "it exceeds its limit: 1 MiB or 500 lines a second, 8 MiB or 2000 lines at once") {
				t.Errorf("the log does not tell why:\n%s", log)
			}
			t.Logf("memory grew by %d KiB at most, %d calls of the other tool took %v at most", (int64(most)-int64(before))>>10, others, slowest)
		})
	}
}

// heap is what is kept, in bytes: what was received and dropped is collected first, since how
// much of it waits for that says only how busy the machine is.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A server that stops reading fails its calls by their deadlines, and is started again.
func TestMCPServerThatDoesNotRead(t *testing.T) {
	t.Parallel()
	config := own(t, "deaf")
	config.Timeout = 100 * time.Millisecond
	r := joined(t, zerolog.Nop(), config)
	p, up := isUp(r, "deaf")
	if !up {
		t.Fatal("the server is not up")
	}
	large := fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", 60<<10))
	for range 3 { // its stdin holds 64 KiB
		if answer := calls(t, r, "deaf.look", large); answer.OK || answer.Took > time.Second {
			t.Errorf("answer is %+v", answer)
		}
	}
	eventually(t, "it is started again", func() bool { now, up := isUp(r, "deaf"); return up && now != p })
}

// A server that hangs is started again, even if it is always busy with somebody's call.
func TestMCPServerThatHangs(t *testing.T) {
	t.Parallel()
	r := joined(t, zerolog.Nop(), MCPConfig{Name: "hung", Command: []string{sdkServer(t, "everything")}, Timeout: 500 * time.Millisecond})
	p, _ := isUp(r, "hung")
	if err := syscall.Kill(p.cmd.Process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		go func() {
			for answer := (Answer{}); t.Context().Err() == nil && !answer.OK; {
				answer = calls(t, r, "hung.greet", `{"name":"Dana"}`)
				if answer.Took > 2*time.Second {
					t.Errorf("answer is %+v", answer)
				}
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
	eventually(t, "it is started again", func() bool { now, up := isUp(r, "hung"); return up && now != p })
	eventually(t, "the tool works again", func() bool { return calls(t, r, "hung.greet", `{"name":"Dana"}`).OK })
}

// Nothing is left of a command that ignores all but SIGKILL, nor of what it started.
func TestMCPCommandThatWillNotEnd(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pids")
	r := joined(t, zerolog.Nop(), own(t, "stubborn", "PIDS="+file))
	if answer := calls(t, r, "stubborn.look", ""); !answer.OK {
		t.Fatalf("answer is %+v", answer)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var parent, child int
	if _, err := fmt.Sscan(string(text), &parent, &child); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 2*mcpGrace+time.Second {
		t.Errorf("closing took %v", took)
	}
	for name, pid := range map[string]int{"command": parent, "child": child} {
		eventually(t, "the "+name+" is gone", func() bool { return gone(pid) })
	}
	if answer := calls(t, r, "stubborn.look", ""); answer.OK || !strings.Contains(answer.Err, "the registry is closed") {
		t.Errorf("a closed registry answers %+v", answer)
	}
}

// gone reports whether a process has ended; one that nobody has reaped yet has.
func gone(pid int) bool { return syscall.Kill(pid, 0) != nil || inState(pid, 'Z') }

// inState asks the kernel for a process's state (proc_pid_stat(5)).
func inState(pid int, state byte) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), fmt.Sprintf(") %c ", state))
}

// A server that announces a new list all the time is asked for it once a second.
func TestMCPServerThatAnnouncesItsListWithoutEnd(t *testing.T) {
	t.Parallel()
	r := joined(t, zerolog.Nop(), own(t, "chatty"))
	time.Sleep(1500 * time.Millisecond)
	answer := calls(t, r, "chatty.look", "")
	var lists int
	if _, err := fmt.Sscan(answer.Content, &lists); err != nil || lists < 2 || lists > 4 {
		t.Errorf("after 1.5 s it was asked for its list %d times: %+v", lists, answer)
	}
}
