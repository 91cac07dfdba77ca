package server

import (
	"net/http"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/twilio"
)

// answered says what a call of ours follows that was answered.
func (s *Server) answered(w http.ResponseWriter, r *http.Request) {
	v, err := twilio.ParseVoice(form(r))
	if err != nil {
		s.bad(w, err)
		return
	}
	s.onceForCall(w, r, v, func() carrier.Step {
		return s.cfg.Placer.AnswerOutbound(r.Context(), twiliocarrier.Incoming(v), r.URL.Query().Get("call"))
	})
}

// machine takes Twilio's word on who answered: a person, or a machine.
func (s *Server) machine(w http.ResponseWriter, r *http.Request) {
	if v, err := twilio.ParseVoice(form(r)); err == nil {
		s.cfg.Placer.Machine(r.Context(), r.URL.Query().Get("call"), v.AnsweredBy)
	} else {
		s.refusals.Warn().Err(err).Msg("answering-machine callback not parsed")
	}
	w.WriteHeader(http.StatusNoContent)
}
