package twiliotest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Expect makes somebody reachable.
func (a *API) Expect(c *Callee) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.callees = append(a.callees, c)
}

// Faults is what the API objects to that Twilio would let pass: a call without a permit,
// two calls for one permit, detection that makes people wait. A test fails that finds any.
func (a *API) Faults() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.faults)
}

func (a *API) fault(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = append(a.faults, text)
}

// HangUpAll ends every call that was placed and waits until nothing of them runs.
func (a *API) HangUpAll() {
	for _, c := range a.placed() {
		c.end("lost", "completed")
		<-c.Done()
	}
}

// placed is every call that was placed, the newest first.
func (a *API) placed() []*Call {
	a.phone.mu.Lock()
	defer a.phone.mu.Unlock()
	var list []*Call
	for _, c := range a.phone.calls {
		if c.out != nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(x, y *Call) int { return y.out.created.Compare(x.out.created) })
	return list
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// createCall places a call.
func (a *API) createCall(w http.ResponseWriter, r *http.Request) {
	callee, code, problem := a.checkCreate(r.Form)
	if problem != "" {
		refuse(w, http.StatusBadRequest, code, problem)
		return
	}
	end := callee.next()
	switch end {
	case CreateTooMany:
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, 20429, "Too Many Requests")
		return
	case CreateRefused:
		refuse(w, http.StatusBadRequest, 21210, "The source phone number provided, "+r.Form.Get("From")+", is not yet verified for your account.")
		return
	case CreateFails:
		refuse(w, http.StatusInternalServerError, 20500, "An internal server error has occurred")
		return
	}
	var status int
	if n, _ := fmt.Sscanf(string(end), "%d error %d", &status, &code); n == 2 {
		refuse(w, status, code, "The call to "+r.Form.Get("To")+" could not be created.")
		return
	}
	c, wait := a.place(callee, r.Form)
	switch end {
	case CreateFailsAfter:
		refuse(w, http.StatusInternalServerError, 20500, "An internal server error has occurred")
	case CreateHangsAfter:
		select {
		case <-r.Context().Done():
		case <-time.After(30 * time.Second):
		}
	case CreateBrokenAfter:
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid": "CA`)) // the client may be gone
	default:
		m := c.resource()
		m["status"], m["queue_time"] = "queued", strconv.FormatInt(wait.Milliseconds(), 10)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		reply(w, m)
	}
}

// checkCreate is what Twilio checks, and the permit that it does not know of.
func (a *API) checkCreate(form url.Values) (callee *Callee, code int, problem string) {
	to, from := form.Get("To"), form.Get("From")
	a.mu.Lock()
	for _, c := range a.callees {
		if c.Number == to {
			callee = c
		}
	}
	owned := len(a.numbers) == 0 || slices.ContainsFunc(a.numbers, func(n Number) bool { return n.PhoneNumber == from })
	a.mu.Unlock()
	u, err := url.Parse(form.Get("Url"))
	switch {
	case to == "":
		return nil, 21201, "No 'To' number is specified"
	case from == "":
		return nil, 21213, "No 'From' number is specified"
	case !e164.MatchString(to) || callee == nil:
		return nil, 21211, "The 'To' number " + to + " is not a valid phone number."
	case !owned:
		return nil, 21210, "The source phone number provided, " + from + ", is not yet verified for your account."
	case err != nil || u.Host == "" || form.Get("Twiml") != "":
		return nil, 21205, "Url is not a valid URL"
	}
	id := u.Query().Get("call")
	switch {
	case id == "" || a.Permitted == nil || !a.Permitted(id):
		a.fault("a call was asked for that has no permit")
		return nil, 21205, "this API places no call without a permit"
	case slices.ContainsFunc(a.placed(), func(c *Call) bool { return callOf(c) == id }):
		a.fault("a permit was used for a second call")
		return nil, 21205, "this API places one call for a permit"
	}
	if form.Get("MachineDetection") != "" && form.Get("AsyncAmd") != "true" {
		a.fault("machine detection that is not asynchronous keeps people waiting")
	}
	if form.Get("AsyncAmd") == "true" && form.Get("AsyncAmdStatusCallback") == "" {
		a.fault("21262: asynchronous machine detection without a callback")
	}
	if form.Get("TimeLimit") == "" {
		a.fault("a call without a time limit")
	}
	return callee, 0, ""
}

func callOf(c *Call) string {
	u, err := url.Parse(c.out.create.Get("Url"))
	if err != nil {
		return ""
	}
	return u.Query().Get("call")
}

// place begins a call, in its turn if there are more than CPS of them a second.
func (a *API) place(callee *Callee, form url.Values) (c *Call, wait time.Duration) {
	c = newCall(context.Background(), a.phone, form.Get("From"), callee.Number)
	c.status = "queued"
	c.out = &outbound{create: form, callee: callee, created: time.Now(), picked: make(chan struct{})}
	a.mu.Lock()
	if a.CPS > 0 {
		wait = max(0, time.Until(a.turn))
		a.turn = time.Now().Add(wait + time.Second/time.Duration(a.CPS))
	}
	a.mu.Unlock()
	wait += callee.Queued
	a.phone.add(c)
	callee.rung(c)
	go c.ring(wait)
	return c, wait
}

// listCalls lists the account's calls, the newest first, on one page.
func (a *API) listCalls(w http.ResponseWriter, r *http.Request) {
	var since time.Time
	if text := r.Form.Get("StartTime>"); text != "" {
		since, _ = time.Parse(time.RFC3339, text)
	}
	list := []any{}
	for _, c := range a.placed() {
		m := c.resource()
		began, _ := time.Parse(time.RFC1123Z, text(m["start_time"]))
		for name, field := range map[string]string{"To": "to", "From": "from", "Status": "status"} {
			if asked := r.Form.Get(name); asked != "" && asked != m[field] {
				m = nil
				break
			}
		}
		if m != nil && !began.Before(since) {
			list = append(list, m)
		}
	}
	reply(w, map[string]any{"calls": list, "page": 0, "page_size": 50, "next_page_uri": nil})
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
