package twiliotest

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// outbound is what a call has that the product placed.
type outbound struct {
	create  url.Values // what it asked for
	callee  *Callee
	created time.Time
	picked  chan struct{} // closed by PickUp

	// Guarded by the call's mutex.
	isPicked bool
	seq      int
	sip      string        // the carrier's code, if it is not the usual
	past     []news        // callbacks that are sent after the end
	told     chan struct{} // closed when the newest callback was answered
}

// news is a status callback.
type news struct {
	event, status string
	seq           int
}

// Create is what the product asked for when it placed the call; nil of other calls.
func (c *Call) Create() url.Values {
	if c.out == nil {
		return nil
	}
	return c.out.create
}

// PickUp answers a call that rings.
func (c *Call) PickUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out == nil || c.out.isPicked || c.endedBy != "" {
		return
	}
	c.out.isPicked = true
	close(c.out.picked)
}

// Decline ends a call that nobody answers, by one of Twilio's words: busy, no-answer,
// failed, canceled.
func (c *Call) Decline(status string) { c.end("callee", status) }

// Machine reports what answering-machine detection found: human, machine_start,
// machine_end_beep, fax, unknown, … It does nothing if the product did not ask.
func (c *Call) Machine(answeredBy string) {
	target := c.out.create.Get("AsyncAmdStatusCallback")
	if c.out.create.Get("MachineDetection") == "" || target == "" {
		return
	}
	c.tell(target, url.Values{"CallSid": {c.SID}, "AccountSid": {c.phone.account()}, "AnsweredBy": {answeredBy}, "MachineDetectionDuration": {"2180"}})
}

// ring is an outbound call's own goroutine, from being queued to its end. Wait is how
// long it is queued.
func (c *Call) ring(wait time.Duration) {
	defer close(c.done)
	defer c.tells.Wait()
	defer c.cancel()
	c.wait(wait)
	c.sends("initiated", "initiated")
	if sip := c.out.callee.Unreachable; sip != 0 {
		c.DeclineSIP("failed", strconv.Itoa(sip))
		c.sends("completed", "failed")
		return
	}
	c.setStatus("ringing")
	c.sends("ringing", "ringing")
	if c.out.callee.Does != nil {
		c.tells.Go(func() { c.out.callee.Does(c) })
	}
	patience := time.NewTimer(seconds(c.out.create.Get("Timeout"), time.Minute))
	defer patience.Stop()
	select {
	case <-c.out.picked:
		by, status := c.talk()
		c.end(by, status)
	case <-patience.C:
		c.end("ring timeout", "no-answer")
	case <-c.ctx.Done():
	}
	c.mu.Lock()
	if c.endedBy == "" { // the phone was taken away
		c.endedBy, c.status = "lost", "failed"
	}
	status := c.status
	c.mu.Unlock()
	c.sends("completed", status)
}

// talk is the call from its answer on.
func (c *Call) talk() (by, status string) {
	c.mu.Lock()
	c.answered = time.Now()
	if c.endedBy == "" {
		c.status = "in-progress"
	}
	c.mu.Unlock()
	c.sends("answered", "in-progress")
	limit := time.AfterFunc(seconds(c.out.create.Get("TimeLimit"), 4*time.Hour), func() { c.end("time limit", "completed") })
	defer limit.Stop()
	doc, err := c.phone.fetch(c.ctx, c.out.create.Get("Url"), c.form())
	if err != nil {
		if c.ctx.Err() == nil {
			c.fault("%v", err)
		}
		return "end of TwiML", "completed"
	}
	if len(doc.verbs) > 0 && doc.verbs[0].Name == "Reject" {
		c.fault("12200: Reject of a call that was answered")
	}
	return c.follow(doc)
}

// setStatus moves a call that is not over.
func (c *Call) setStatus(status string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.endedBy == "" {
		c.status = status
	}
}

// sends posts a status callback, if the product asked for it, as the callee's Callbacks
// say.
func (c *Call) sends(event, status string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := news{event, status, c.out.seq}
	c.out.seq++
	asked := c.out.create["StatusCallbackEvent"]
	if len(asked) == 0 {
		asked = []string{"completed"}
	}
	if !slices.Contains(asked, event) {
		return
	}
	switch c.out.callee.Callbacks {
	case InOrder:
		c.post(n)
	case Twice:
		c.post(n)
		c.post(n)
	case Shuffled:
		if c.out.past = append(c.out.past, n); event == "completed" {
			past := slices.Clone(c.out.past)
			slices.Reverse(past)
			for _, n := range append(past, past[0], past[len(past)-1]) {
				c.post(n)
			}
		}
	case Never:
	}
}

// post sends one callback when the one before it was answered. c.mu is held.
func (c *Call) post(n news) {
	target := c.out.create.Get("StatusCallback")
	if target == "" {
		return
	}
	form := c.fields()
	form.Set("CallStatus", n.status)
	form.Set("SequenceNumber", strconv.Itoa(n.seq))
	form.Set("CallbackSource", "call-progress-events")
	form.Set("Timestamp", time.Now().UTC().Format(time.RFC1123Z))
	if n.event == "completed" {
		form.Set("CallDuration", "0")
		if !c.answered.IsZero() {
			form.Set("CallDuration", strconv.Itoa(int(time.Since(c.answered)/time.Second)))
		}
		form.Set("SipResponseCode", sipCodes[n.status])
		if c.out.sip != "" {
			form.Set("SipResponseCode", c.out.sip)
		}
		if code := c.out.callee.ErrorCode; code != 0 {
			form.Set("ErrorCode", strconv.Itoa(code))
		}
	}
	before := c.out.told
	told := make(chan struct{})
	c.out.told = told
	c.tells.Go(func() {
		defer close(told)
		if before != nil {
			<-before
		}
		c.deliver(target, form)
	})
}

// sipCodes are the codes with which calls end.
var sipCodes = map[string]string{"completed": "200", "busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}

// DeclineSIP is Decline with the carrier's own code.
func (c *Call) DeclineSIP(status, code string) {
	c.mu.Lock()
	c.out.sip = code
	c.mu.Unlock()
	c.Decline(status)
}

func seconds(text string, absent time.Duration) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil {
		return absent
	}
	return time.Duration(n) * time.Second
}
