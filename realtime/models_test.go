package realtime_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

func TestModels(t *testing.T) {
	s := serve(t, realtimetest.Config{Key: "sk-1",
		Shutdowns: map[string]string{"gpt-realtime": "2027-01-20", "gpt-realtime-2.1": ""}})
	list, err := realtime.Models(t.Context(), s.Options())
	want := []realtime.ModelInfo{{ID: "gpt-realtime", Shutdown: time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC)},
		{ID: "gpt-realtime-2.1"}}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("got %+v, %v", list, err)
	}
	wrong := s.Options()
	wrong.APIKey = "sk-2"
	var refused *realtime.HandshakeError
	if _, err := realtime.Models(t.Context(), wrong); !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("with another key: %v", err)
	}
	none := serve(t, realtimetest.Config{})
	if _, err := realtime.Models(t.Context(), none.Options()); !errors.As(err, &refused) || refused.Status != 404 {
		t.Errorf("of a server without a list: %v", err)
	}
}

func TestModelsOfOddServers(t *testing.T) {
	body := ""
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/openai/v1/models" || r.URL.RawQuery != "" {
			t.Errorf("asked for %s", r.URL)
		}
		w.Write([]byte(body))
	}))
	defer host.Close()
	o := &realtime.DialOptions{URL: host.URL + "/openai/v1/realtime?secret=s", Model: "m", APIKey: "k"}
	for given, want := range map[string]string{
		`{"data":[{"id":"m","shutdown_date":null},{"id":"n","shutdown_date":1800000000},{"id":"o",
			"shutdown_date":"soon"}]}`: "",
		`{"object":"list"}`: "",
		`[]`:                "can't be read",
		`<html>`:            "can't be read",
		`{"data":[` + strings.Repeat(`{"id":"m"},`, 1<<19): "can't be read",
	} {
		body = given
		list, err := realtime.Models(t.Context(), o)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v", given, err)
		}
		for _, m := range list {
			if !m.Shutdown.IsZero() {
				t.Errorf("%.40q: %+v", given, m)
			}
		}
	}
	_, err := realtime.Models(t.Context(), &realtime.DialOptions{URL: host.URL + "/elsewhere?secret=s"})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
