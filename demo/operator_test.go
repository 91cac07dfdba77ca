package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestServiceErrors(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = w.Write([]byte(`{"calls":[]}`))
	}))
	defer s.Close()
	defer http.DefaultClient.CloseIdleConnections()
	good, bad := newService(s.URL, "token"), newService(s.URL, "other")
	if _, err := good.find(t.Context(), "CA1"); err == nil || !strings.Contains(err.Error(), "0 calls of that SID") {
		t.Errorf("a call that is not there: %v", err)
	}
	if _, err := bad.find(t.Context(), "CA1"); err == nil || !strings.Contains(err.Error(), "answered 401") {
		t.Errorf("a wrong token: %v", err)
	}
	if a, err := good.place(t.Context(), dana.order("informational", "")); err == nil {
		t.Errorf("a refusal that is not the gate's is taken for one: %+v", a)
	}
}
