package server

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// Numbers are masked wherever they are, and nothing else is changed.
func TestMaskNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"from":"+14155550142"}`:               `{"from":"+1415…0142"}`,
		`"call +14155550142, or +442079460018"`: `"call +1415…0142, or +4420…0018"`,
		`"\u002b14155550142"`:                   `"+1415…0142"`,
		`"\u002B14155550142"`:                   `"+1415…0142"`,
		`"?to=%2B14155550142"`:                  `"?to=+1415…0142"`,
		`"sip:+14155550142@example.com"`:        `"sip:+1415…0142@example.com"`,
		`{"id":"call_14155550142","n":14155550142,"at":"2026-12-01T10:00:00.123456+00:00"}`: "",
		`"+1 is a code, 1+1 too, +0123456789 is none"`:                                      "",
	} {
		if want == "" {
			want = in
		}
		w := httptest.NewRecorder()
		m := &masked{w}
		if n, err := m.Write([]byte(in)); err != nil || n != len(in) || w.Body.String() != want {
			t.Errorf("%s: %s, want %s (%d, %v)", in, w.Body, want, n, err)
		}
	}
	w := httptest.NewRecorder()
	problem(&masked{w}, 400, "bad request", "there is nobody at +14155550142")
	if !strings.Contains(w.Body.String(), "+1415…0142") {
		t.Errorf("a problem: %s", w.Body)
	}
}
