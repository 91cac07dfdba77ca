package evi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// handler serves until the test ends, and returns the address.
func handler(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
