package twiliotest

import (
	"context"
	"slices"
	"testing"

	"github.com/patchcord/patchcord/twilio"
)

// The bridge ends the stream; the call goes on with the action's TwiML.
func TestActionFollowsTheStream(t *testing.T) {
	b := &bridge{
		answers: map[string]string{
			"/twilio/next":    `<Response><Dial action="/twilio/dialled">+14155550199</Dial><Say>never</Say></Response>`,
			"/twilio/dialled": `<Response><Redirect>https://voice.example.test/twilio/last</Redirect></Response>`,
			"/twilio/last":    `<Response><Pause length="2"/><Hangup/></Response>`,
		},
		talk: func(ctx context.Context, s *twilio.Stream) { s.Close(1000, "bye") },
	}
	b.voice = connect(t, public+"/twilio/next")
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		p.DialEnds = "busy"
		c := dial(ctx, t, p)
		if m := await(ctx, t, c, Closed, ""); m.Name != "1000" {
			t.Errorf("closed with %s", m.Name)
		}
		<-c.Done()
		if got := names(c.Followed()); !slices.Equal(got, []string{"Connect", "Dial", "Redirect", "Pause", "Hangup"}) {
			t.Errorf("followed %q", got)
		}
		if c.Ended() != "hangup" {
			t.Errorf("ended by %q", c.Ended())
		}
		if got := b.posted("/twilio/dialled", "DialCallStatus"); !slices.Equal(got, []string{"busy"}) {
			t.Errorf("dial ended %q", got)
		}
		noFaults(t, c)
	})
}

func TestTwiMLWithoutStream(t *testing.T) {
	for name, tt := range map[string]struct {
		doc    string
		ended  string
		status string
		fault  string
	}{
		"reject":       {`<Response><Reject/></Response>`, "reject", "completed", ""},
		"busy":         {`<Response><Reject reason="busy"/></Response>`, "reject", "busy", ""},
		"late reject":  {`<Response><Say>x</Say><Reject/></Response>`, "reject", "completed", "12200"},
		"empty":        {`<Response/>`, "end of TwiML", "completed", ""},
		"say":          {`<Response><Say>x</Say><Play>y</Play></Response>`, "end of TwiML", "completed", ""},
		"hangup":       {`<Response><Hangup/><Say>never</Say></Response>`, "hangup", "completed", ""},
		"unknown verb": {`<Response><Sing/></Response>`, "end of TwiML", "completed", "12200"},
		"no stream":    {`<Response><Connect/></Response>`, "end of TwiML", "completed", "12200"},
		"no TwiML":     {`<Response><Redirect>/twilio/nothing</Redirect></Response>`, "end of TwiML", "failed", "11200"},
		"elsewhere":    {`<Response><Redirect>https://elsewhere.test/</Redirect></Response>`, "end of TwiML", "failed", "11205"},
		"far socket":   {`<Response><Connect><Stream url="wss://elsewhere.test/m"/></Connect></Response>`, "end of TwiML", "completed", "31920"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &bridge{voice: tt.doc}
			inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
				c := dial(ctx, t, p)
				<-c.Done()
				if c.Ended() != tt.ended {
					t.Errorf("ended by %q, want %q", c.Ended(), tt.ended)
				}
				if got := b.posted("/twilio/status", "CallStatus"); !slices.Equal(got, []string{tt.status}) {
					t.Errorf("status %q, want %q", got, tt.status)
				}
				faults := c.Faults()
				if tt.fault == "" && len(faults) > 0 || tt.fault != "" && (len(faults) != 1 || faults[0][:5] != tt.fault) {
					t.Errorf("faults %q, want %q", faults, tt.fault)
				}
			})
		})
	}
}

// A callback that is not answered by 2xx is a fault, and so is one to elsewhere.
func TestCallbackFaults(t *testing.T) {
	b := &bridge{voice: `<Response><Hangup/></Response>`}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		for callback, want := range map[string]string{
			public + "/twilio/teapot": "15003: the status callback answered 418",
			"https://elsewhere.test/": "15003: status callback: https://elsewhere.test is not at the phone's Public URL",
		} {
			p.StatusCallback = callback
			c := dial(ctx, t, p)
			<-c.Done()
			if got := c.Faults(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: faults %q", callback, got)
			}
		}
	})
}
