package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/plain"
)

type callsCmd struct {
	List callsListCmd `cmd:"" help:"List calls, newest first."`
	Show callsShowCmd `cmd:"" help:"Show one call: its transcript, how much of each sentence was heard, and its outcome."`

	Follow   callsFollowCmd   `cmd:"" help:"Follow a live call until it ends."`
	Hangup   callsHangupCmd   `cmd:"" help:"End a live call."`
	Transfer callsTransferCmd `cmd:"" help:"Transfer a live call to a person."`
	Say      callsSayCmd      `cmd:"" help:"Make the agent say something on a live call."`
	Messages callsMessagesCmd `cmd:"" help:"List the messages that callers left, newest first."`
}

type callsListCmd struct {
	apiFlags
	Limit   int    `help:"How many calls, 1 to 200." default:"20"`
	Cursor  string `help:"The cursor printed at the end of the previous list, to continue from there."`
	Agent   string `help:"Only this agent's calls."`
	Outcome string `help:"Only calls with this outcome: ${outcomes}."`
	Live    bool   `help:"Only live calls."`

	Direction string `help:"Only calls in this direction: inbound or outbound."`
}

func (c *callsListCmd) Run(ctx context.Context) error {
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	f := api.CallFilter{Limit: c.Limit, Cursor: c.Cursor, Agent: c.Agent, Outcome: c.Outcome, Direction: c.Direction}
	if c.Live {
		f.Live = &c.Live
	}
	list, err := a.Calls(ctx, f)
	if err != nil {
		return err
	}
	if c.JSON {
		for _, call := range list.Calls {
			if err := printJSON(call); err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable()
	t.AppendHeader(table.Row{"id", "began", "lasted", "from", "to", "agent", "outcome"})
	for _, call := range list.Calls {
		t.AppendRow(table.Row{call.ID, call.StartedAt.Local().Format(time.DateTime), lasted(call), call.From, call.To, call.Agent, outcomeOf(call)})
	}
	t.Render()
	if list.Next != "" {
		plain.Printf("more: bridge calls list --cursor %s\n", list.Next)
	}
	return nil
}

func lasted(c calllog.Call) string {
	if c.EndedAt == nil {
		return time.Since(c.StartedAt).Round(time.Second).String()
	}
	return c.EndedAt.Sub(c.StartedAt).Round(100 * time.Millisecond).String()
}

func outcomeOf(c calllog.Call) string {
	if c.Outcome == "" {
		return "live (" + c.Status + ")"
	}
	return c.Outcome
}

type callsShowCmd struct {
	apiFlags
	ID        string `arg:"" help:"The call's id, or its beginning."`
	Recording string `help:"Write the call's recording to this file as a stereo WAV." placeholder:"FILE"`
}

func (c *callsShowCmd) Run(ctx context.Context) error {
	a, id, err := c.call(ctx, c.ID)
	if err != nil {
		return err
	}
	call, err := a.Call(ctx, id)
	if err != nil {
		return err
	}
	if c.Recording != "" {
		if err := a.fetchRecording(ctx, call.ID, c.Recording); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(call)
	}
	plain.Printf("%s  %s %s → %s  agent %s (%s)\n", call.ID, call.Direction, call.From, call.To, call.Agent, call.Voice)
	plain.Printf("started %s, lasted %s, %s\n", call.StartedAt.Local().Format(time.DateTime), lasted(call), outcomeOf(call))
	if o := call.Opening; o != nil {
		plain.Printf("opening %s: %s\n", map[bool]string{true: "heard in full", false: "NOT heard in full"}[o.Complete], o.Text)
	}
	for _, chat := range call.Chats {
		plain.Println(chatLine(chat))
	}
	for _, u := range call.Usage {
		plain.Println(usageLine(u))
	}
	plain.Println()
	for _, e := range call.Entries {
		plain.Printf("%8s  %s\n", clock(e.AtMS), entryLine(e))
	}
	if q := call.Quality; q != nil {
		plain.Printf("\ngaps %d, late %d, clipped %d, dropped %d, added by the bridge %.2f ms (p50), %.2f ms (p99)\n",
			q.Gaps, q.Late, q.Clipped, q.Dropped, q.AddedMS.P50, q.AddedMS.P99)
	}
	switch size := a.recordingSize(ctx, call); {
	case c.Recording != "":
		plain.Printf("\nrecording written to %s\n", c.Recording)
	case size > 0:
		plain.Printf("\nrecorded: %s, %.1f MB: bridge calls show %s --recording FILE\n", recordedTime(size), float64(size)/1e6, call.ID)
	}
	return nil
}

// usageLine shows what a model of a voice charges for.
func usageLine(u calllog.Usage) string {
	line := fmt.Sprintf("%s, %s:", u.Voice, u.Model)
	if u.Seconds > 0 {
		line += fmt.Sprintf(" %.0f s", u.Seconds)
	}
	if u.TextIn+u.AudioIn+u.TextOut+u.AudioOut > 0 {
		line += fmt.Sprintf(" tokens in %d text, %d audio (%d cached), out %d text, %d audio",
			u.TextIn, u.AudioIn, u.TextCached+u.AudioCached, u.TextOut, u.AudioOut)
	}
	if u.USD > 0 {
		line += fmt.Sprintf(", about %.4f USD", u.USD)
	}
	return line
}

// chatLine shows what the voice agent's service reported of a chat.
func chatLine(c calllog.Chat) string {
	if c.EndedAt == nil {
		return "chat " + c.ID + ": the service reported its start but no end"
	}
	why := "ended by " + c.EndReason
	if c.EndReason == "" {
		why = "ended without a stated reason"
	}
	return fmt.Sprintf("chat %s: %d s by the service's count, %s", c.ID, c.Seconds, why)
}

// clock shows a time within a call.
func clock(ms int64) string { return fmt.Sprintf("%d:%04.1f", ms/60_000, float64(ms%60_000)/1000) }

// entryLine shows an entry as a person reads it.
func entryLine(e calllog.Entry) string {
	switch e.Kind {
	case calllog.KindCaller:
		return "caller  " + e.Text
	case calllog.KindAgent:
		return fmt.Sprintf("agent   %s  [heard: %s]", e.Text, e.Heard)
	case calllog.KindTool:
		line := fmt.Sprintf("tool    %s %s (%d ms)", e.Name, e.Arguments, e.MS)
		if e.Error != "" {
			return line + " error: " + e.Error
		}
		return line + " → " + e.Result
	case calllog.KindDTMF:
		return "key     " + e.Digit
	case calllog.KindNote:
		if e.Name != "" {
			return fmt.Sprintf("note    %s %s: %s", e.Name, e.Arguments, e.Text)
		}
	}
	return strings.TrimSpace(string(e.Kind) + "  " + e.Text)
}
