package call_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// takes lets the agent take messages.
func takes(_ *call.Config, p *call.Profile) { p.Builtins = []string{builtin.TakeMessage} }

// A message is a note of its own in the log, with whom it is from and for.
func TestTakeMessage(t *testing.T) {
	inBubble(t, takes, func(b *bubble) {
		c, p := b.connected()
		uses(p, "t1", builtin.TakeMessage, `{"message":" Tell Ann that the crown is loose. ","from":"Dana","callback_number":"(415) 555-0188","for":"Ann","urgent":true}`)
		b.pass(100 * time.Millisecond)
		if a := p.Answers(); len(a) != 1 || a[0].Error != "" || !strings.Contains(a[0].Content, "noted") {
			b.Fatalf("answered %+v", a)
		}
		c.HangUp()
		<-c.Done()
		list := messages(b.record(c))
		if len(list) != 1 || list[0].Text != "Tell Ann that the crown is loose." || string(list[0].Arguments) != `{"from":"Dana","callback_number":"+14155550188","for":"Ann","urgent":true}` {
			b.Errorf("the log has %+v", list)
		}
	})
}

func messages(rec calllog.Call) (list []calllog.Entry) {
	for _, e := range entries(rec, calllog.KindNote) {
		if e.Name == builtin.TakeMessage {
			list = append(list, e)
		}
	}
	return list
}

// nowhere is a store that is away for good.
type nowhere struct{ calllog.Store }

func (nowhere) Apply(context.Context, []calllog.Change) error { return os.ErrDeadlineExceeded }

// With the database away a message is noted once it is on disk; if it can't get there, the agent
// says that it is not.
func TestTakeMessageWithoutADatabase(t *testing.T) {
	for name, disk := range map[string]bool{"on disk": true, "nowhere": false} {
		t.Run(name, func(t *testing.T) {
			var w *calllog.Writer
			openBubble(t, func(b *bubble, c *call.Config, p *call.Profile) {
				takes(c, p)
				var err error
				if w, err = calllog.NewWriter(calllog.WriterConfig{Store: nowhere{}, Dir: b.TempDir()}); err != nil {
					b.Fatal(err)
				}
				b.Cleanup(func() { w.Close(context.Background()) })
				c.Log = w
			}, func(b *bubble) {
				c, p := b.connected()
				if !disk {
					w.Close(b.ctx)
				}
				uses(p, "t1", builtin.TakeMessage, `{"message":"The crown is loose."}`)
				b.pass(4 * time.Second)
				if a := p.Answers(); len(a) != 1 || (a[0].Error == "") != disk {
					b.Errorf("answered %+v", a)
				}
				c.HangUp()
				<-c.Done()
			})
		})
	}
}

// Whoever hangs up as soon as they have left a message has left it.
func TestTakeMessageAtTheEnd(t *testing.T) {
	inBubble(t, takes, func(b *bubble) {
		c, p := b.connected()
		uses(p, "t1", builtin.TakeMessage, `{"message":"The crown is loose."}`)
		c.HangUp()
		<-c.Done()
		rec := b.record(c)
		if tool := entries(rec, calllog.KindTool); len(messages(rec)) != 1 || len(tool) != 1 || tool[0].Error != "" {
			b.Errorf("the log has %+v", rec.Entries)
		}
	})
}
