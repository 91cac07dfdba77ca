package twiliotest

import (
	"net/http"
)

// Text is a text message that the API was asked to send.
type Text struct{ From, To, Body string }

// Texts is every text so far.
func (a *API) Texts() (list []Text) {
	for _, r := range a.Requests() {
		if r.Method == http.MethodPost && r.Path == "/2010-04-01/Accounts/"+a.phone.account()+"/Messages.json" {
			list = append(list, Text{r.Form.Get("From"), r.Form.Get("To"), r.Form.Get("Body")})
		}
	}
	return list
}

// createText takes a text; nobody gets it.
func (a *API) createText(w http.ResponseWriter, r *http.Request) {
	if !e164.MatchString(r.Form.Get("From")) || !e164.MatchString(r.Form.Get("To")) || r.Form.Get("Body") == "" {
		refuse(w, http.StatusBadRequest, 21604, "From, To and Body are required")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	reply(w, map[string]any{"sid": sid("SM"), "status": "queued", "from": r.Form.Get("From"), "to": r.Form.Get("To"), "body": r.Form.Get("Body")})
}
