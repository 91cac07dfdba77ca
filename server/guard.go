package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/patchcord/patchcord/twilio"
)

type formKey struct{}

// signed lets through what Twilio signed, with the form that was signed.
// Everything else gets 403 and nothing more.
func (s *Server) signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var form url.Values
		err := s.readUnverified(w, func() (err error) {
			form, err = s.cfg.Validator.Webhook(r)
			return err
		})
		if err != nil {
			s.refuse(err)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), formKey{}, form)))
	})
}

// refuse notes a request that Twilio did not sign.
func (s *Server) refuse(err error) {
	s.refused.WithLabelValues("signature").Inc()
	var bad *twilio.SignatureError
	s.refusals.Warn().Bool("signature", errors.As(err, &bad)).Msg("request without Twilio's signature refused")
}

// form is the form that Twilio signed.
func form(r *http.Request) url.Values {
	f, _ := r.Context().Value(formKey{}).(url.Values)
	return f
}
