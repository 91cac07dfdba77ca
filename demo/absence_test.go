package demo

import (
	"strings"
	"testing"
	"time"

	voices "github.com/patchcord/patchcord/agent"
)

// said is a memory of what callers said.
func said(all ...*line) (m voices.Memory) {
	for _, l := range all {
		m.Turns = append(m.Turns, voices.Turn{By: voices.ByCaller, Text: l.text})
	}
	return m
}

// hears has the agent understand a line.
func hears(a *agent, b *bridge, l *line) {
	bot, _ := b.dial()
	b.send(bot, join(l.pcm, silence(time.Second)))
	a.answer()
	a.listen()
}

// An agent that is lost is resumed: on a wire that can, by its group, and otherwise by what
// was said.
func TestAgentResumes(t *testing.T) {
	l := allLines()
	for _, good := range []bool{true, false} {
		withAgent(t, func(t *testing.T, a *agent, b *bridge) {
			hears(a, b, l.orderNumber)
			a.say(l.orderStatus)
			a.drop()
			group, memory := a.known().group, said(l.orderNumber)
			if !good {
				group, memory = "other", said(l.stopCalling)
			}
			began := time.Now()
			bot, _, err := b.redial(b.first, group)
			if err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited != handshake {
				t.Errorf("the handshake took %v, want %v", waited, handshake)
			}
			if b.first == voiceRealtime {
				if err := bot.Remember(memory); err != nil {
					t.Error(err)
				}
			}
			a.resume()
			want := map[string]string{voiceEVI: "did not name the conversation's chat group",
				voiceRealtime: "it was given 0 of the caller's 1 lines"}[b.first]
			switch f := a.known().lost; {
			case good && (a.err != nil || f.end.IsZero() || f.to != b.first || f.resumed != (b.first == voiceEVI)):
				t.Errorf("it is %+v: %v", f, a.err)
			case !good && (a.err == nil || !strings.Contains(a.err.Error(), want)):
				t.Errorf("the error is %v, want %q", a.err, want)
			}
		})
	}
}

// A voice that fails takes no other connection. The one that takes its place answers what
// the caller said last.
func TestAgentIsReplaced(t *testing.T) {
	l := allLines()
	withAgent(t, func(t *testing.T, a *agent, b *bridge) {
		hears(a, b, l.orderNumber)
		a.fail()
		for range 3 {
			if _, _, err := b.redial(b.first, ""); err == nil {
				t.Error("the voice that failed answers")
			}
		}
		bot, events, err := b.redial(b.other, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := bot.Remember(said(l.orderNumber)); err != nil {
			t.Error(err)
		}
		a.takeOver()
		a.say(l.orderStatus)
		b.leave(bot)
		f := a.known().replaced
		if a.err != nil || f.from != b.first || f.to != b.other || f.knew != 1 || f.end.Sub(f.begin) < handshake {
			t.Errorf("it was replaced as %+v: %v", f, a.err)
		}
		sound := 0
		for ev := range events {
			if s, ok := ev.(voices.Audio); ok {
				sound += len(s.ULaw)
			}
		}
		if sound < len(l.orderStatus.ulaw)-frame {
			t.Errorf("%d samples came of %d", sound, len(l.orderStatus.ulaw))
		}
	})
}

func TestAgentIsNotReplaced(t *testing.T) {
	l := allLines()
	for _, tt := range []struct {
		name, want string
		do         func(*agent, *bridge) error
	}{
		{"nothing was remembered", "it was given 0 of the caller's 1 lines", func(a *agent, b *bridge) error {
			_, _, err := b.redial(b.other, "")
			return err
		}},
		{"the same voice is dialed", "again", func(a *agent, b *bridge) error {
			a.first.Accept()
			_, _, err := b.redial(b.first, "")
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			withAgent(t, func(t *testing.T, a *agent, b *bridge) {
				hears(a, b, l.orderNumber)
				a.fail()
				if err := tt.do(a, b); err != nil {
					t.Fatal(err)
				}
				if a.takeOver(); a.err == nil || !strings.Contains(a.err.Error(), tt.want) {
					t.Errorf("the error is %v, want %q", a.err, tt.want)
				}
			})
		})
	}
}
