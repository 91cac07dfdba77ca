package server

import (
	"html/template"
	"net"
	"net/http"
	"strings"

	"github.com/patchcord/patchcord/consent"
)

// optinPage is what a person sees who opens a one-time link.
var optinPage = template.Must(template.New("optin").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}}</title><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{if .Ask}}<form method="post"><button>I agree</button></form><p>If you did not ask for this, close the page: nothing changes.</p>{{end}}</html>
`))

type optinView struct {
	Title, Text string
	Ask         bool
}

func showOptin(w http.ResponseWriter, status int, v optinView) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = optinPage.Execute(w, v) // a reader that has gone is nobody's problem
}

var (
	optinGone  = optinView{"This link can't be used", "It was used before, or is too old. Nothing was changed.", false}
	optinAway  = optinView{"Please try again", "We can't record your answer at the moment. Nothing was changed.", false}
	optinTaken = optinView{"Thank you", "We have recorded that you want our calls again. To end them, say stop on a call or text STOP.", false}
)

// offerLink shows what a link offers. It changes nothing: what scans texts for bad links
// opens them, too.
func (s *Server) offerLink(w http.ResponseWriter, r *http.Request) {
	of, n, err := s.openOffer(r.PathValue("token"))
	seller, known := s.cfg.Directory.seller(of.Seller)
	if err != nil || !known {
		showOptin(w, http.StatusGone, optinGone)
		return
	}
	showOptin(w, http.StatusOK, optinView{"Calls from " + named(seller), of.words(seller, n), true})
}

// takeLink records the consent of a person who confirms, once.
func (s *Server) takeLink(w http.ResponseWriter, r *http.Request) {
	of, n, err := s.openOffer(r.PathValue("token"))
	seller, known := s.cfg.Directory.seller(of.Seller)
	if err != nil || !known {
		showOptin(w, http.StatusGone, optinGone)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	id := s.secret("one-time link", []byte(of.ID))
	claim, err := s.cfg.Answers.Claim(ctx, id, id, "", 2*linkLife) // never taken over: by then the link is too old
	if err == nil && !claim.Mine {
		showOptin(w, http.StatusGone, optinGone)
		return
	}
	fact := of.fact(s.cfg.now(), seller, n)
	fact.Actor, fact.Evidence.UserAgent = "link", strings.ToValidUTF8(r.UserAgent()[:min(len(r.UserAgent()), noteLongest/4)], "")
	if host, _, split := net.SplitHostPort(r.RemoteAddr); split == nil {
		fact.Evidence.IP = host
	}
	var wrong []FieldError
	if err == nil {
		if err = s.checkNamed(ctx, []consent.Fact{fact}, false, &wrong); err == nil && len(wrong) == 0 {
			_, err = s.cfg.Gate.Record(ctx, fact)
		}
	}
	switch {
	case err != nil:
		s.log.Error().Err(err).Msg("an answer by a one-time link could not be recorded")
		if claim.Mine {
			_ = s.cfg.Answers.DropClaim(ctx, id) // else the person needs another link
		}
		showOptin(w, http.StatusServiceUnavailable, optinAway)
	case len(wrong) > 0: // the refusal is none any more
		showOptin(w, http.StatusGone, optinGone)
	default:
		showOptin(w, http.StatusOK, optinTaken)
	}
}
