package twiliotest

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DialEnd is how one <Dial> of a call goes; see [Call.Dials].
type DialEnd struct {
	// Status is how it ends (DialCallStatus): "completed", "busy", "no-answer", "failed",
	// "canceled". Defaults to the phone's DialEnds. Nobody answers but of "completed"
	// and "answered".
	Status string

	Rings time.Duration // until somebody answers, or it ends. Defaults to 400 ms
	Talks time.Duration // that the two are joined

	// Key is what whoever answers presses when they are asked to, such as "1". If it is
	// empty they press nothing, as an answering machine.
	Key string
}

// Dialled is a <Dial> that a call came to.
type Dialled struct {
	Number, CallerID string
	Whispered        []string // what whoever answered heard before they were joined, a sentence each
	Bridged          bool     // joined with the caller
	Status           string   // as the product was told; "" while it goes on, or if the call ended before
}

// Dials sets how the next <Dial>s of the call go, each after the one before. It must come before
// the call comes to them: see [Phone.Dials].
func (c *Call) Dials(ends ...DialEnd) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dialEnds = append(c.dialEnds, ends...)
}

// Dialled is every <Dial> so far, in order.
func (c *Call) Dialled() []Dialled {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Dialled(nil), c.dialled...)
}

// nextDial is how the <Dial> goes that is come to.
func (c *Call) nextDial() DialEnd {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := DialEnd{}
	if len(c.dialEnds) > 0 {
		end = c.dialEnds[0]
		c.dialEnds = c.dialEnds[1:]
	}
	if end.Status == "" {
		end.Status = c.phone.DialEnds
	}
	if end.Status == "" {
		end.Status = "completed"
	}
	if end.Rings == 0 {
		end.Rings = dialTime
	}
	return end
}

// dial rings somebody and returns what Twilio tells of the end.
func (c *Call) dial(v Verb, base string) url.Values {
	end := c.nextDial()
	number, _ := v.Child("Number")
	c.mu.Lock()
	n := len(c.dialled)
	c.dialled = append(c.dialled, Dialled{Number: v.Number(), CallerID: v.Attrs["callerId"]})
	c.mu.Unlock()
	update := func(f func(*Dialled)) {
		c.mu.Lock()
		defer c.mu.Unlock()
		f(&c.dialled[n])
	}
	other := sid("CA")
	c.wait(end.Rings)
	bridged := false
	if c.ctx.Err() == nil && (end.Status == "completed" || end.Status == "answered") {
		leg := c.leg(other, v.Number())
		if to := number.Attrs["statusCallback"]; to != "" && number.Attrs["statusCallbackEvent"] == "answered" {
			c.tell(resolve(base, to), leg)
		}
		var heard []string
		if bridged = number.Attrs["url"] == ""; !bridged {
			heard, bridged = c.whisper(resolve(base, number.Attrs["url"]), leg, end.Key)
		}
		update(func(d *Dialled) { d.Whispered, d.Bridged = heard, bridged })
		if bridged {
			c.wait(end.Talks)
		}
	}
	if c.ctx.Err() != nil {
		return nil
	}
	update(func(d *Dialled) { d.Status = end.Status })
	return url.Values{"DialCallSid": {other}, "DialCallStatus": {end.Status}, "DialCallDuration": {"4"}, "DialBridged": {strconv.FormatBool(bridged)}}
}

// leg is what webhooks carry about the call to whoever is rung.
func (c *Call) leg(other, to string) url.Values {
	form := c.form()
	form.Set("ParentCallSid", form.Get("CallSid"))
	form.Set("CallSid", other)
	form.Set("To", to)
	form.Set("Called", to)
	form.Set("Direction", "outbound-dial")
	form.Set("CallStatus", "in-progress")
	return form
}

// whisper follows the TwiML that whoever answered hears alone: what they heard, and
// whether they are joined with the caller then.
func (c *Call) whisper(at string, leg url.Values, key string) (heard []string, bridged bool) {
	doc, err := c.phone.fetch(c.ctx, at, leg)
	for steps := 0; ; steps++ {
		switch {
		case err != nil:
			if c.ctx.Err() == nil {
				c.fault("%v", err)
			}
			return heard, false
		case c.ctx.Err() != nil || steps > 20:
			return heard, false
		case len(doc.verbs) == 0:
			return heard, true
		}
		v := doc.verbs[0]
		doc.verbs = doc.verbs[1:]
		switch v.Name {
		case "Say":
			heard = append(heard, v.Text)
			c.wait(sayTime)
		case "Gather":
			if say, ok := v.Child("Say"); ok {
				heard = append(heard, say.Text)
				c.wait(sayTime)
			}
			if key == "" {
				c.wait(seconds(v.Attrs["timeout"], 5*time.Second))
				continue
			}
			form := url.Values{"Digits": {key}}
			for name, values := range leg {
				form[name] = values
			}
			at = resolve(at, v.Attrs["action"])
			doc, err = c.phone.fetch(c.ctx, at, form)
		case "Hangup":
			return heard, false
		default:
			c.fault("12200: whoever is rung knows no <%.40s>", v.Name)
		}
	}
}

// Played is the keys that the product pressed by <Play digits>, in order.
func (c *Call) Played() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.played...)
}

// play presses keys.
func (c *Call) play(digits string) {
	if len(digits) > 32 || strings.Trim(digits, "0123456789*#wW") != "" {
		c.fault("12200: <Play digits> of %.40q", digits)
	}
	c.mu.Lock()
	c.played = append(c.played, digits)
	c.mu.Unlock()
	c.wait(pressTime(digits))
}

// pressTime is how long <Play digits> takes.
func pressTime(digits string) (d time.Duration) {
	for _, key := range digits {
		switch key {
		case 'w':
			d += 500 * time.Millisecond
		case 'W':
			d += time.Second
		default:
			d += 200 * time.Millisecond
		}
	}
	return d
}
