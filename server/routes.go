package server

import (
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/keys"
)

// route is one of the operators' routes.
type route struct {
	pattern string
	right   keys.Right // that it needs
	as      string     // what the ledger calls its use; empty: the right, if uses of that are recorded
	looks   bool       // it changes nothing, and its use is not recorded
	raw     bool       // its answers hold no numbers, or the handler itself sees to them
	do      func(*Server, http.ResponseWriter, *http.Request)
}

// Override is what the ledger calls it when somebody lifts what holds calls.
const Override = "override"

// routes is all routes of the operators. There is no other way to add one.
func (s *Server) routes() []route {
	list := []route{
		{pattern: "POST /v1/calls", right: keys.Place, do: (*Server).placeCall},
		{pattern: "GET /v1/calls", right: keys.Read, do: (*Server).listCalls},
		{pattern: "GET /v1/calls/{id}", right: keys.Read, do: (*Server).getCall},
		{pattern: "GET /v1/calls/{id}/events", right: keys.Read, do: (*Server).callEvents},
		{pattern: "GET /v1/calls/{id}/recording", right: keys.Recordings, raw: true, do: (*Server).callRecording},
		{pattern: "POST /v1/calls/{id}/hangup", right: keys.Speak, do: (*Server).hangUp},
		{pattern: "POST /v1/calls/{id}/transfer", right: keys.Speak, do: (*Server).transfer},
		{pattern: "POST /v1/calls/{id}/say", right: keys.Speak, do: (*Server).say},
		{pattern: "POST /v1/consent/events", right: keys.Stop, do: (*Server).recordEvents}, // and Consent, by what they say
		{pattern: "POST /v1/consent/check", right: keys.Read, do: (*Server).checkConsent},
		{pattern: "GET /v1/consent/export", right: keys.Export, raw: true, do: (*Server).exportConsent},
		{pattern: "GET /v1/consent/verify", right: keys.Read, do: (*Server).verifyConsent},
		{pattern: "GET /v1/consent/replay/{seq}", right: keys.Read, do: (*Server).replayConsent},
		{pattern: "POST /v1/consent/links", right: keys.Consent, do: (*Server).sendLink},
		{pattern: "GET /v1/consent/unclear", right: keys.Read, do: (*Server).listUnclear},
		{pattern: "GET /v1/consent/{number}", right: keys.Read, do: (*Server).showConsent},
		{pattern: "DELETE /v1/consent/{number}", right: keys.Erase, do: (*Server).eraseConsent},
		{pattern: "GET /v1/consent/erasures/{id}", right: keys.Erase, looks: true, do: (*Server).showErasure},
		{pattern: "GET /v1/consent/holds", right: keys.Erase, looks: true, do: (*Server).listHolds},
		{pattern: "POST /v1/consent/holds", right: keys.Erase, do: (*Server).placeHold},
		{pattern: "POST /v1/consent/holds/{seq}/release", right: keys.Erase, do: (*Server).releaseHold},
		{pattern: "GET /v1/campaigns", right: keys.Read, do: (*Server).listCampaigns},
		{pattern: "POST /v1/campaigns/release", right: keys.Consent, as: Override, do: (*Server).releaseCampaign},
		{pattern: "GET /v1/tools", right: keys.Read, do: (*Server).listTools},
		{pattern: "GET /metrics", right: keys.Metrics, raw: true, do: (*Server).metrics},
	}
	if s.cfg.Reminders != nil {
		list = append(list,
			route{pattern: "POST /v1/reminders", right: keys.Place, do: (*Server).addReminders},
			route{pattern: "GET /v1/reminders", right: keys.Read, do: (*Server).listReminders},
			route{pattern: "GET /v1/reminders/{id}", right: keys.Read, do: (*Server).getReminder},
			route{pattern: "DELETE /v1/reminders/{id}", right: keys.Place, do: (*Server).cancelReminder})
	}
	if s.cfg.Permits != nil {
		list = append(list,
			route{pattern: "POST /v1/permits", right: keys.Place, do: (*Server).issuePermit},
			route{pattern: "POST /v1/permits/{id}/events", right: keys.Place, do: (*Server).reportPermit})
	}
	if s.cfg.Keys != nil {
		list = append(list,
			route{pattern: "POST /v1/keys", right: keys.Admin, as: string(keys.Admin), do: (*Server).createKey},
			route{pattern: "GET /v1/keys", right: keys.Admin, do: (*Server).listKeys},
			route{pattern: "DELETE /v1/keys/{name}", right: keys.Admin, as: string(keys.Admin), do: (*Server).revokeKey})
	}
	return append(list, route{pattern: "GET /v1/audit", right: keys.Admin, do: (*Server).listAccesses})
}

// recorded is what the ledger calls the use of a route; empty if it is not recorded.
func (rt route) recorded() string {
	if rt.as == "" && rt.right.Recorded() && !rt.looks {
		return string(rt.right)
	}
	return rt.as
}

// metrics answers Prometheus.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(s.cfg.Registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// operators is the operators' routes behind the check of the key.
func (s *Server) operators() http.Handler {
	api := http.NewServeMux()
	for _, rt := range s.routes() {
		if rt.right == "" {
			panic("server: internal error: a route without a right: " + rt.pattern)
		}
		api.HandleFunc(rt.pattern, func(w http.ResponseWriter, r *http.Request) { s.permitted(rt, w, r) })
	}
	api.HandleFunc("/", unrouted(api))
	return s.authorised(api)
}

// permitted answers a request whose key has the route's right, as far as that key sees.
func (s *Server) permitted(rt route, w http.ResponseWriter, r *http.Request) {
	k := keyOf(r)
	if !k.May(rt.right) {
		s.lacks(rt, w, r)
		return
	}
	if !rt.raw && !k.May(keys.Numbers) {
		w = &masked{w}
	}
	v := s.as(k)
	if what := rt.recorded(); what != "" {
		v.use = &use{Access: consent.Access{Key: k.Name, Right: what, Route: rt.pattern}}
		w = &proven{ResponseWriter: w, use: v.use, log: s.log}
	}
	rt.do(v, w, r)
}

// lacks answers a key that may not use a route.
func (s *Server) lacks(rt route, w http.ResponseWriter, r *http.Request) {
	s.refused.WithLabelValues("right").Inc()
	if what := rt.recorded(); what != "" {
		s.recordRefusal(r, consent.Access{Key: keyOf(r).Name, Right: what, Route: rt.pattern, Outcome: consent.AccessRefused})
	}
	problem(w, http.StatusForbidden, "forbidden", fmt.Sprintf("this key lacks the right %s", rt.right))
}
