package expressiontest_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/expression/expressiontest"
	"github.com/patchcord/patchcord/media"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The simulation refuses what the service refuses.
func TestRequestsThatAreRefused(t *testing.T) {
	const noul = `{"questions":{"a":{"type":"noul","instructions":"?"}}}`
	wav := func(ms int) string { return string(media.AppendWAV(nil, 8000, 1, make([]int16, 8*ms))) }
	for name, c := range map[string]struct {
		key   string
		parts []string // name, content, …
		want  int
	}{
		"right":           {"key", []string{"request", noul, "file", wav(1000)}, 200},
		"no key":          {"", []string{"request", noul, "file", wav(1000)}, 401},
		"the other order": {"key", []string{"file", wav(1000), "request", noul}, 400},
		"no file":         {"key", []string{"request", noul}, 400},
		"too short":       {"key", []string{"request", noul, "file", wav(999)}, 400},
		"no WAV":          {"key", []string{"request", noul, "file", "OggS"}, 400},
		"no JSON":         {"key", []string{"request", "a", "file", wav(1000)}, 400},
		"no question":     {"key", []string{"request", `{"questions":{}}`, "file", wav(1000)}, 400},
		"a type":          {"key", []string{"request", `{"questions":{"a":{"type":"x","instructions":"?"}}}`, "file", wav(1000)}, 400},
		"one level": {"key", []string{"request", `{"questions":{"a":{"type":"score","instructions":"?","criteria":["x"]}}}`,
			"file", wav(1000)}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			s := expressiontest.New("key")
			defer s.Close()
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			for i := 0; i < len(c.parts); i += 2 {
				p, err := w.CreateFormFile(c.parts[i], "x")
				if err != nil {
					t.Fatal(err)
				}
				p.Write([]byte(c.parts[i+1]))
			}
			w.Close()
			r, err := http.NewRequest(http.MethodPost, s.URL()+"/v0/decisions/file", &body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", w.FormDataContentType())
			r.Header.Set("X-Hume-Api-Key", c.key)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != c.want || (len(s.Faults()) > 0) != (c.want != 200) {
				t.Errorf("status %d, want %d; faults %q", res.StatusCode, c.want, s.Faults())
			}
			if got := s.AwaitClips(1, time.Millisecond); got != (c.want == 200) {
				t.Errorf("a clip: %v", got)
			}
		})
	}
}
