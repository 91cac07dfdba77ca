package twiliotest

import (
	"fmt"
	"net/http"
	"time"
)

// updateCall ends a live call or gives it new TwiML.
func (a *API) updateCall(w http.ResponseWriter, r *http.Request, sid string) {
	c := a.phone.call(sid)
	if c == nil {
		notFound(w, r)
		return
	}
	switch status, twiml := r.Form.Get("Status"), r.Form.Get("Twiml"); {
	case status == "completed" || status == "canceled":
		if c.Ended() != "" {
			notInProgress(w)
			return
		}
		c.end("rest", status)
	case status != "":
		refuse(w, http.StatusBadRequest, 21218, "Invalid status")
		return
	case len([]rune(twiml)) > 4000:
		refuse(w, http.StatusBadRequest, 32018, "Twiml is longer than 4000 characters")
		return
	case twiml != "":
		verbs, err := ParseTwiML([]byte(twiml))
		if err != nil {
			refuse(w, http.StatusBadRequest, 12100, err.Error())
			return
		}
		if !c.takeOver(document{url: a.phone.public() + "/", verbs: verbs}) {
			notInProgress(w)
			return
		}
	}
	reply(w, c.resource())
}

func notInProgress(w http.ResponseWriter) {
	refuse(w, http.StatusBadRequest, 21220, "Call is not in-progress. Cannot redirect.")
}

func (a *API) fetchCall(w http.ResponseWriter, r *http.Request, sid string) {
	c := a.phone.call(sid)
	if c == nil {
		notFound(w, r)
		return
	}
	reply(w, c.resource())
}

// resource is the call as the API shows it.
func (c *Call) resource() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := map[string]any{
		"sid": c.SID, "account_sid": c.phone.account(), "from": c.From, "to": c.To, "status": c.status,
		"direction": "inbound", "api_version": "2010-04-01", "start_time": nil, "price": nil,
		"uri": "/2010-04-01/Accounts/" + c.phone.account() + "/Calls/" + c.SID + ".json",
	}
	if c.out != nil {
		m["direction"], m["date_created"] = "outbound-api", c.out.created.UTC().Format(time.RFC1123Z)
	}
	if !c.answered.IsZero() {
		m["start_time"] = c.answered.UTC().Format(time.RFC1123Z)
	}
	return m
}

// listNumbers lists the account's numbers, or the one that is asked for, on one page.
func (a *API) listNumbers(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []any{}
	for i, n := range a.numbers {
		if asked := r.Form.Get("PhoneNumber"); asked != "" && asked != n.PhoneNumber {
			continue
		}
		list = append(list, map[string]any{
			"sid": numberSID(i), "phone_number": n.PhoneNumber, "voice_url": n.VoiceURL, "voice_method": n.VoiceMethod,
			"status_callback": n.StatusCallback, "sms_url": n.SMSURL, "account_sid": a.phone.account(),
		})
	}
	reply(w, map[string]any{"incoming_phone_numbers": list, "page": 0, "page_size": 50, "next_page_uri": nil})
}

// numberSID is the SID of a number by its place.
func numberSID(i int) string { return fmt.Sprintf("PN%032x", i+1) }

// updateNumber sets the webhooks of a number.
func (a *API) updateNumber(w http.ResponseWriter, r *http.Request, sid string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.numbers {
		if numberSID(i) != sid {
			continue
		}
		n := &a.numbers[i]
		for name, field := range map[string]*string{"VoiceUrl": &n.VoiceURL, "VoiceMethod": &n.VoiceMethod,
			"StatusCallback": &n.StatusCallback, "SmsUrl": &n.SMSURL} {
			if r.Form.Has(name) {
				*field = r.Form.Get(name)
			}
		}
		reply(w, map[string]any{"sid": sid, "phone_number": n.PhoneNumber, "account_sid": a.phone.account()})
		return
	}
	notFound(w, r)
}
