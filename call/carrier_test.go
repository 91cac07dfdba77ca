package call_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Of each call it is told once how the carrier did, and the log has the carrier's codes,
// by which a number that can't be called is known.
func TestCarrierIsJudged(t *testing.T) {
	number := func(code, sip int) string { return fmt.Sprint(calllog.CauseNumber, " ", code, " ", sip) }
	carrier := func(code, sip int) string { return fmt.Sprint(calllog.CauseCarrier, " ", code, " ", sip) }
	creates := func(c twiliotest.Create) func(*twiliotest.Callee) {
		return func(p *twiliotest.Callee) { p.Will(c, c, c, c, c, c, c, c) }
	}
	fails := func(sip, code int) func(*twiliotest.Callee) {
		return func(p *twiliotest.Callee) { p.Unreachable, p.ErrorCode = sip, code }
	}
	does := func(f func(*twiliotest.Call)) func(*twiliotest.Callee) {
		return func(p *twiliotest.Callee) { p.Does = f }
	}
	for _, tt := range []struct {
		name    string
		person  func(*twiliotest.Callee)
		verdict string // "ok", what the error says, or "" for none
		failure string // in the log: cause, code, SIP
	}{
		{"busy", does(func(c *twiliotest.Call) { c.Decline("busy") }), "ok", ""},
		{"no answer", does(func(c *twiliotest.Call) { c.Decline("no-answer") }), "ok", ""},
		{"rings, and fails with 480", does(func(c *twiliotest.Call) { c.DeclineSIP("failed", "480") }), "ok", ""},
		{"rings, and fails with 500", does(func(c *twiliotest.Call) { c.DeclineSIP("failed", "500") }), "ok", " 0 500"},
		{"news that come in no order", func(p *twiliotest.Callee) {
			p.Callbacks, p.Does = twiliotest.Shuffled, func(c *twiliotest.Call) { c.Decline("busy") }
		}, "ok", ""},
		{"nobody took it at the network", fails(480, 0), "ok", ""},

		{"429", creates(twiliotest.CreateTooMany), "429", carrier(20429, 0)},
		{"500", creates(twiliotest.CreateFails), "500", carrier(0, 0)},
		{"no answer from Twilio, but news", creates(twiliotest.CreateHangsAfter), "ok", ""},
		{"no answer from Twilio, and no news", func(p *twiliotest.Callee) {
			p.Will(twiliotest.CreateHangsAfter)
			p.Callbacks = twiliotest.Never
		}, "deadline", ""},
		{"wrong credentials", creates(twiliotest.CreateError(401, 20003)), "20003", carrier(20003, 0)},
		{"suspended account", creates(twiliotest.CreateError(403, 20005)), "20005", carrier(20005, 0)},
		{"a number of ours that is none", creates(twiliotest.CreateRefused), "21210", carrier(21210, 0)},
		{"a proxy in between", creates(twiliotest.CreateError(407, 0)), "407", carrier(0, 0)},
		{"503 of the network", fails(503, 0), "503", carrier(0, 503)},
		{"403 of the network, with a code", fails(403, 32203), "32203", carrier(32203, 403)},

		{"21211", creates(twiliotest.CreateError(400, 21211)), "", number(21211, 0)},
		{"21214", creates(twiliotest.CreateError(400, 21214)), "", number(21214, 0)},
		{"21215", creates(twiliotest.CreateError(403, 21215)), "", number(21215, 0)},
		{"21216", creates(twiliotest.CreateError(400, 21216)), "", number(21216, 0)},
		{"21217", creates(twiliotest.CreateError(400, 21217)), "", number(21217, 0)},
		{"13224", fails(503, 13224), "", number(13224, 503)},
		{"404 of the network", fails(404, 0), "", number(0, 404)},
		{"607 of the network", fails(607, 0), "", number(0, 607)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var heard []string
			atDesk(t, func(d *desk, c *call.Config, _ *call.Profile) {
				tt.person(d.person)
				c.CarrierHealth = func(agent string, err error) {
					if agent != "support" {
						d.Errorf("of agent %q", agent)
					}
					if err == nil {
						heard = append(heard, "ok")
					} else {
						heard = append(heard, err.Error())
					}
				}
			}, func(d *desk) {
				head, _, err := d.board.Place(d.ctx, toCallee())
				if err != nil {
					d.Fatal(err)
				}
				d.pass(4 * time.Minute)
				if all := strings.Join(heard, " | "); (len(heard) > 0) != (tt.verdict != "") || len(heard) > 1 || !strings.Contains(all, tt.verdict) || strings.Contains(all, callee[1:]) {
					d.Errorf("heard %q, want %q once", heard, tt.verdict)
				}
				rec, failure := d.logged(head.ID), ""
				if f := rec.Failure; f != nil {
					failure = fmt.Sprint(f.Cause, " ", f.Code, " ", f.SIP)
				}
				if failure != tt.failure || rec.Outcome == "" {
					d.Errorf("the log has the failure %q of a call that is %q, want %q", failure, rec.Outcome, tt.failure)
				}
			})
		})
	}
}
