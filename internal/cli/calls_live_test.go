package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
)

// liveYAML has an agent that may transfer.
var liveYAML = strings.Replace(benchYAML, "purpose: informational}",
	`purpose: informational, tools: [transfer_call], transfer_to: {billing: "+16282350177"}}`, 1)

// An operator follows a live call by the beginning of its id, and sees what is said while it goes
// on; says something, transfers it to nobody, and hangs up.
func TestLiveCallCommands(t *testing.T) {
	asked := make(chan string, 8)
	b := servingWith(t, liveYAML, func(c *evitest.Conn) {
		c.Greet("")
		c.Transcribe("I'd like to move my appointment.", false, nil)
		for {
			m, err := c.Receive(context.Background())
			if err != nil {
				return
			}
			if m.Type == "assistant_input" {
				text, _ := m.Fields["text"].(string)
				asked <- text
			}
		}
	})
	if _, err := b.line.Dial(t.Context(), person, ours); err != nil {
		t.Fatal(err)
	}
	var c calllog.Call
	for begun := time.Now(); c.Status != calllog.StatusInProgress; time.Sleep(20 * time.Millisecond) {
		r := exits(t, exitDone, []string{"calls", "list", "--live", "--json"})
		if time.Since(begun) > time.Minute {
			t.Fatalf("the call is not live: %s", r.out)
		}
		_ = json.Unmarshal([]byte(r.out), &c) // an empty list has none
	}
	id := c.ID[:len("call_")+6]
	exits(t, exitDone, []string{"calls", "say", id, "One", "moment,", "please."}, c.ID, "text sent to the agent")
	for text := ""; text != "One moment, please."; {
		select {
		case text = <-asked:
		case <-with(t).Done():
			t.Fatal("the agent was asked for nothing")
		}
	}
	exits(t, exitUsage, []string{"calls", "say", id, " "}, "400")
	exits(t, exitUsage, []string{"calls", "transfer", id, "nobody"}, "want billing")
	exits(t, exitFailed, []string{"calls", "hangup", "call_nobody"}, `no call whose id begins with "call_nobody"`)
	exits(t, exitUsage, []string{"calls", "hangup", ""}, "ID: want")
	exits(t, exitDone, []string{"calls", "show", id}, c.ID)

	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	code := make(chan int, 1)
	go func() {
		code <- Main([]string{"calls", "follow", id})
		w.Close()
	}()
	said := bufio.NewScanner(r)
	for said.Scan() && !strings.Contains(said.Text(), "move my appointment") {
	}
	if err := b.s.Switchboard.HangUp(t.Context(), c.ID); err != nil { // only now: what was said came while the call went on
		t.Error("the call was over before its words were shown:", err)
	}
	last := ""
	for said.Scan() {
		last = said.Text()
	}
	if os.Stdout = stdout; <-code != exitDone || !strings.Contains(last, " after ") {
		t.Errorf("follow ends with %q", last)
	}
	exits(t, exitFailed, []string{"calls", "hangup", id}, "the call is not live")
	exits(t, exitDone, []string{"calls", "follow", id}, "move my appointment", " after ")
}
