package twiliotest

import (
	"context"
	"slices"
	"testing"
	"time"
)

// Each dial goes as it was told: whoever answers hears what they are to hear, and is
// joined if they press a key.
func TestDials(t *testing.T) {
	const screened = `<Response><Dial action="/twilio/next" callerId="+14155550100"><Number url="/twilio/whisper?call=1">+14155550199</Number></Dial></Response>`
	for name, tt := range map[string]struct {
		doc     string
		end     DialEnd
		want    Dialled
		told    string // DialBridged
		lasts   time.Duration
		answers int // told of
	}{
		"taken": {`<Response><Dial action="/twilio/next"><Number statusCallback="/twilio/taken" statusCallbackEvent="answered">+14155550199</Number></Dial></Response>`,
			DialEnd{Rings: time.Second, Talks: time.Minute}, Dialled{Number: "+14155550199", Bridged: true, Status: "completed"}, "true", 61 * time.Second, 1},
		"busy": {`<Response><Dial action="/twilio/next"><Number statusCallback="/twilio/taken" statusCallbackEvent="answered">+14155550199</Number></Dial></Response>`,
			DialEnd{Status: "busy"}, Dialled{Number: "+14155550199", Status: "busy"}, "false", dialTime, 0},
		"accepted": {screened, DialEnd{Key: "1"}, Dialled{"+14155550199", "+14155550100", []string{"A call."}, true, "completed"}, "true", dialTime + sayTime, 0},
		"not accepted": {screened, DialEnd{}, Dialled{"+14155550199", "+14155550100", []string{"A call.", "Bye."}, false, "completed"}, "false",
			dialTime + 2*sayTime + 7*time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := &bridge{voice: tt.doc, answers: map[string]string{
				"/twilio/whisper":  `<Response><Gather numDigits="1" timeout="7" action="/twilio/accepted"><Say>A call.</Say></Gather><Say>Bye.</Say><Hangup/></Response>`,
				"/twilio/accepted": `<Response/>`,
				"/twilio/next":     `<Response><Play digits="1w2"/><Hangup/></Response>`,
			}}
			inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
				begun := time.Now()
				p.Dials = []DialEnd{tt.end}
				c := dial(ctx, t, p)
				<-c.Done()
				got := c.Dialled()
				if len(got) != 1 || got[0].Number != tt.want.Number || got[0].CallerID != tt.want.CallerID || got[0].Bridged != tt.want.Bridged ||
					got[0].Status != tt.want.Status || !slices.Equal(got[0].Whispered, tt.want.Whispered) {
					t.Errorf("dialled %+v, want %+v", got, tt.want)
				}
				if bridged := b.posted("/twilio/next", "DialBridged"); !slices.Equal(bridged, []string{tt.told}) {
					t.Errorf("told of being joined: %q", bridged)
				}
				if sids := b.posted("/twilio/taken", "ParentCallSid"); len(sids) != tt.answers || len(sids) > 0 && sids[0] != c.SID {
					t.Errorf("told of an answer: %q", sids)
				}
				if lasted := time.Since(begun) - pressTime("1w2"); lasted != tt.lasts {
					t.Errorf("it took %v, want %v", lasted, tt.lasts)
				}
				if played := c.Played(); !slices.Equal(played, []string{"1w2"}) {
					t.Errorf("played %q", played)
				}
				noFaults(t, c)
			})
		})
	}
}
