package twiliotest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Message is a text of the account's log of messages.
type Message struct {
	From, To  string // E.164
	Body      string
	Direction string // "inbound", "outbound-api" or "outbound-reply"
	Sent      time.Time
}

// SetMessages replaces the account's log of messages. It is empty at first.
func (a *API) SetMessages(messages ...Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.messages = slices.Clone(messages)
}

// listMessages lists the messages to a number since a time, the newest first, in
// pages.
func (a *API) listMessages(w http.ResponseWriter, r *http.Request) {
	since, err := time.Parse(time.RFC3339, r.Form.Get("DateSent>"))
	if r.Form.Has("DateSent>") && err != nil {
		refuse(w, http.StatusBadRequest, 20001, "DateSent> is no date")
		return
	}
	a.mu.Lock()
	var list []Message
	for _, m := range a.messages {
		if to := r.Form.Get("To"); (to == "" || to == m.To) && !m.Sent.Before(since) {
			list = append(list, m)
		}
	}
	a.mu.Unlock()
	slices.SortStableFunc(list, func(a, b Message) int { return b.Sent.Compare(a.Sent) })
	size, err := strconv.Atoi(r.Form.Get("PageSize"))
	if err != nil || size < 1 || size > 1000 {
		size = 50
	}
	page, _ := strconv.Atoi(r.Form.Get("Page")) // the first one has no number
	begin := min(page*size, len(list))
	end := min(begin+size, len(list))
	messages := make([]any, 0, size)
	for i, m := range list[begin:end] {
		messages = append(messages, map[string]any{"sid": fmt.Sprintf("SM%032x", begin+i), "account_sid": a.phone.account(), "from": m.From, "to": m.To,
			"body": m.Body, "direction": m.Direction, "status": "received", "date_sent": m.Sent.UTC().Format(time.RFC1123Z)})
	}
	answer := map[string]any{"messages": messages, "page": page, "page_size": size, "next_page_uri": nil}
	if end < len(list) {
		q := r.URL.Query()
		q.Set("Page", strconv.Itoa(page+1))
		answer["next_page_uri"] = r.URL.Path + "?" + q.Encode()
	}
	reply(w, answer)
}
