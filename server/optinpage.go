package server

import (
	"context"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// optinPage is what a person sees who opens a one-time link.
var optinPage = template.Must(template.New("optin").Parse(`<!doctype html><html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}}</title><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{if .Ask}}<form method="post" action="?lang={{.Lang}}"><button>{{.Button}}</button></form><p>{{.Nothing}}</p><p><a lang="{{.Other}}" hreflang="{{.Other}}" href="?lang={{.Other}}">{{.OtherName}}</a></p>{{end}}</html>
`))

type optinView struct {
	tongue
	Title, Text string
	Ask         bool
}

func showOptin(w http.ResponseWriter, status int, v optinView) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = optinPage.Execute(w, v) // a reader that has gone is nobody's problem
}

// shows answers with a page that asks nothing.
func (l tongue) shows(w http.ResponseWriter, status int, what [2]string) {
	showOptin(w, status, optinView{l, what[0], what[1], false})
}

// offerLink shows what a link offers. It changes nothing: what scans texts for bad links
// opens them, too.
func (s *Server) offerLink(w http.ResponseWriter, r *http.Request) {
	l := tongueOf(r)
	of, n, err := s.openOffer(r.PathValue("token"))
	seller, known := s.cfg.Directory.seller(of.Seller)
	if err != nil || !known {
		l.shows(w, http.StatusGone, l.gone)
		return
	}
	showOptin(w, http.StatusOK, optinView{l, fmt.Sprintf(l.title, named(seller)), l.words(of, seller, n), true})
}

// takeLink records the consent of a person who confirms, once, in the words that the page had.
func (s *Server) takeLink(w http.ResponseWriter, r *http.Request) {
	l := tongueOf(r)
	of, n, err := s.openOffer(r.PathValue("token"))
	seller, known := s.cfg.Directory.seller(of.Seller)
	if err != nil || !known {
		l.shows(w, http.StatusGone, l.gone)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	fact := of.fact(s.cfg.now(), seller, n)
	fact.Actor, fact.Evidence.Text = "link", l.words(of, seller, n)
	fact.Evidence.UserAgent = strings.ToValidUTF8(r.UserAgent()[:min(len(r.UserAgent()), maxNoteLength/4)], "")
	if host, _, split := net.SplitHostPort(r.RemoteAddr); split == nil {
		fact.Evidence.IP = host
	}
	switch taken, err := s.takeOffer(ctx, of, fact); {
	case err != nil:
		s.log.Error().Err(err).Msg("answer from a one-time link not recorded")
		l.shows(w, http.StatusServiceUnavailable, l.away)
	case !taken:
		l.shows(w, http.StatusGone, l.gone)
	default:
		l.shows(w, http.StatusOK, l.taken)
	}
}

// takeOffer records the consent of a person who confirms an offer, by its link or by its code:
// once, and only while the refusal that it names is one. After an error it may be confirmed again.
func (s *Server) takeOffer(ctx context.Context, of offer, fact consent.Fact) (taken bool, err error) {
	id := s.secret("one-time link", []byte(of.ID))
	claim, err := s.cfg.Answers.Claim(ctx, id, id, "", 2*linkLife) // never taken over: by then the link is too old
	if err != nil || !claim.Mine {
		return false, err
	}
	var wrong []api.FieldError
	if err = s.checkNamed(ctx, []consent.Fact{fact}, false, &wrong); err == nil && len(wrong) == 0 {
		_, err = s.cfg.Gate.Record(ctx, fact)
	}
	if err != nil {
		_ = s.cfg.Answers.DropClaim(ctx, id) // else the person needs another link
	}
	return err == nil && len(wrong) == 0, err
}
