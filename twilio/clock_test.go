package twilio_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/patchcord/patchcord/twilio"
)

// The Date of each answer tells how far the clocks are apart.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	var ahead time.Duration // of Twilio's clock
	date := func() string { return time.Now().Add(ahead).UTC().Format(http.TimeFormat) }
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = []string{date()}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer api.Close()
	c, err := twilio.NewClient(twilio.Config{AccountSID: "AC00000000000000000000000000000001", AuthToken: "token", BaseURL: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	if c.ClockSkew() != 0 {
		t.Errorf("before any answer: %s", c.ClockSkew())
	}
	for _, ahead = range []time.Duration{0, time.Minute, -time.Minute, time.Hour} {
		if _, err := c.FetchCall(t.Context(), "CA00000000000000000000000000000001"); err == nil {
			t.Fatal("there is such a call")
		}
		if got := c.ClockSkew() + ahead; got.Abs() > 10*time.Second || ahead == 0 && c.ClockSkew() != 0 {
			t.Errorf("Twilio's clock is %s ahead, and the skew %s", ahead, c.ClockSkew())
		}
	}
	was := c.ClockSkew()
	date = func() string { return "soon" }
	if _, err := c.FetchCall(t.Context(), "CA00000000000000000000000000000001"); err == nil || c.ClockSkew() != was {
		t.Errorf("a Date that is none: %v, %s", err, c.ClockSkew())
	}
}
