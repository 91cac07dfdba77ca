package twiliotest

import (
	"net/url"
	"strconv"
	"time"
)

// How long verbs take that are heard but have no sound here.
const (
	sayTime  = 300 * time.Millisecond
	dialTime = 400 * time.Millisecond
)

// run is the call's own goroutine: it follows TwiML until the call is over.
func (c *Call) run(doc document) {
	defer close(c.done)
	defer c.tells.Wait()
	defer c.cancel()
	by, status := c.follow(doc)
	c.end(by, status)
	if callback := c.phone.StatusCallback; callback != "" {
		form := c.form()
		form.Set("SequenceNumber", "0") // a number's only callback is that of the end
		form.Set("CallDuration", strconv.Itoa(int(c.duration()/time.Second)))
		form.Set("CallbackSource", "call-progress-events")
		form.Set("Timestamp", time.Now().UTC().Format(time.RFC1123Z))
		c.tell(callback, form)
	}
}

// follow does what the verbs say. It returns how the call ended, for the case that
// nobody else has ended it.
func (c *Call) follow(doc document) (by, status string) {
	for first := true; ; first = false {
		if c.ctx.Err() != nil {
			return "lost", "completed"
		}
		doc = c.taken(doc)
		if len(doc.verbs) == 0 {
			return "end of TwiML", "completed"
		}
		verb := doc.verbs[0]
		doc.verbs = doc.verbs[1:]
		c.begin(verb)
		var action string
		extra := url.Values{}
		switch verb.Name {
		case "Connect":
			c.connect(verb, doc.url)
			action = verb.Attrs["action"]
		case "Play":
			if digits := verb.Attrs["digits"]; digits != "" {
				c.play(digits)
				break
			}
			c.wait(sayTime)
		case "Say":
			c.wait(sayTime)
		case "Pause":
			seconds, err := strconv.Atoi(verb.Attrs["length"])
			if err != nil {
				seconds = 1
			}
			c.wait(time.Duration(seconds) * time.Second)
		case "Dial":
			action = verb.Attrs["action"]
			extra = c.dial(verb, doc.url)
		case "Redirect":
			action = verb.Text
		case "Hangup":
			return "hangup", "completed"
		case "Reject":
			if !first {
				c.fault("12200: Reject is not the first verb")
			}
			if verb.Attrs["reason"] == "busy" {
				return "reject", "busy"
			}
			return "reject", "completed"
		default:
			c.fault("12200: this phone knows no <%.40s>", verb.Name)
		}
		if action == "" || c.ctx.Err() != nil || c.isTaken() {
			continue
		}
		next, err := c.ask(doc.url, action, extra)
		if err != nil && c.ctx.Err() == nil {
			c.fault("%v", err)
			return "end of TwiML", "failed"
		}
		doc = next
	}
}

// begin notes a verb; all but Reject answer the call.
func (c *Call) begin(v Verb) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.followed = append(c.followed, v)
	if v.Name != "Reject" && c.answered.IsZero() && c.endedBy == "" {
		c.status, c.answered = "in-progress", time.Now()
	}
}

// duration is how long the call has been answered.
func (c *Call) duration() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answered.IsZero() {
		return 0
	}
	return time.Since(c.answered)
}

// ask fetches the TwiML that comes next. The URL may be relative to the document's.
func (c *Call) ask(base, action string, extra url.Values) (document, error) {
	form := c.form()
	for name, values := range extra {
		form[name] = values
	}
	return c.phone.fetch(c.ctx, resolve(base, action), form)
}

func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// wait lets time pass, unless the call ends or is taken over.
func (c *Call) wait(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.ctx.Done():
	case <-c.knock:
	}
}
