package server

import (
	"net/http"
	"regexp"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/twilio"
)

// voice answers a call that rings.
func (s *Server) voice(w http.ResponseWriter, r *http.Request) {
	v, err := twilio.ParseVoice(form(r))
	if err != nil {
		s.bad(w, err)
		return
	}
	s.onceForCall(w, r, v, func() carrier.Step { return s.cfg.Switchboard.Answer(twiliocarrier.Incoming(v)) })
}

// next says what a call follows after its stream.
func (s *Server) next(w http.ResponseWriter, r *http.Request) {
	v, err := twilio.ParseVoice(form(r))
	if err != nil {
		s.bad(w, err)
		return
	}
	s.follow(w, s.cfg.Switchboard.Next(r.Context(), twiliocarrier.Incoming(v)))
}

// status takes Twilio's word on a call, in whatever order it comes.
func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	if st, err := twilio.ParseStatus(form(r)); err == nil {
		s.cfg.Switchboard.Status(r.URL.Query().Get("call"), twiliocarrier.Status(st))
	} else {
		s.refusals.Warn().Err(err).Msg("status callback not parsed")
	}
	w.WriteHeader(http.StatusNoContent)
}

// digits may be a telephone number.
var digits = regexp.MustCompile(`[0-9]{6,}`)

// streamStatus logs why a stream failed: nobody else would ever know.
func (s *Server) streamStatus(w http.ResponseWriter, r *http.Request) {
	if st, err := twilio.ParseStreamEvent(form(r)); err != nil {
		s.refusals.Warn().Err(err).Msg("stream callback not parsed")
	} else if st.Event == "stream-error" {
		s.log.Warn().Str("call_sid", string(st.CallSID)).Str("error", digits.ReplaceAllString(st.Error, "…")).Msg("Twilio reported a media stream error")
	}
	w.WriteHeader(http.StatusNoContent)
}

// noted takes news that change nothing yet.
func noted(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }

// media opens the Media Streams socket. Who it belongs to is seen from its
// start message.
func (s *Server) media(w http.ResponseWriter, r *http.Request) {
	if err := s.cfg.Validator.Socket(r); err != nil {
		s.refuse(err)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	stream, err := twilio.Accept(w, r)
	if err != nil { // it has answered already
		s.refusals.Warn().Err(err).Msg("media socket not opened")
		return
	}
	s.cfg.Switchboard.Connect(twiliocarrier.NewLine(stream))
}

// twimlType is what Twilio takes a document from.
const twimlType = "text/xml; charset=utf-8"

func (s *Server) bad(w http.ResponseWriter, err error) {
	s.refusals.Warn().Err(err).Msg("webhook not parsed")
	problem(w, http.StatusBadRequest, "bad request", err.Error())
}

// follow answers with the TwiML of a step.
func (s *Server) follow(w http.ResponseWriter, step carrier.Step) {
	doc, err := s.cfg.Documents.Write(step)
	s.twiml(w, doc, err)
}

func (s *Server) twiml(w http.ResponseWriter, doc string, err error) {
	if err != nil {
		s.log.Error().Err(err).Msg("TwiML not written")
		problem(w, http.StatusInternalServerError, "internal error", "")
		return
	}
	answer200(doc).send(w)
}
