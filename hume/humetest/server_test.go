package humetest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/hume/humetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client without any sense of the API is told so.
func TestStrictness(t *testing.T) {
	s := humetest.NewServer("key")
	defer s.Close()
	id := s.Add("tools", map[string]any{"name": "t", "parameters": `{"type":"object"}`})
	tool := fmt.Sprintf(`{"evi_version":"4-mini","tools":[{"id":%q,"version":%%d}]}`, id)
	desk := s.Add("configs", map[string]any{"name": "desk", "evi_version": "4-mini"})
	for _, tt := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/tools", "", 200, `"total_pages":1`},
		{"GET", "/tools?page_size=101", "", 400, "page_size"},
		{"GET", "/tools?page_number=-1", "", 400, "page_number"},
		{"GET", "/tools?page_number=9", "", 200, `"tools_page":[]`},
		{"GET", "/tools?name=nobody", "", 200, `"tools_page":[]`},
		{"GET", "/tools/nowhere", "", 404, "E0705"},
		{"GET", "/tools/" + id + "/version/0", "", 200, `"version_type":"FIXED"`},
		{"GET", "/tools/" + id + "/version/1", "", 404, "version"},
		{"GET", "/chats", "", 404, "route"},
		{"DELETE", "/tools/" + id, "", 405, ""},
		{"POST", "/tools", "{", 422, "JSON object"},
		{"POST", "/tools", `{"name":"u"}`, 422, "parameters"},
		{"POST", "/tools", `{"name":"u","parameters":{"type":"object"}}`, 422, "valid string"},
		{"POST", "/tools", `{"name":"u","parameters":"{\"type\":\"object\"}","id":"x"}`, 422, "Extra inputs"},
		{"POST", "/tools", `{"name":"t","parameters":"{\"type\":\"object\"}"}`, 400, "already"},
		{"POST", "/tools", `{"name":"u","parameters":"{\"type\":\"object\"}"}`, 201, `"version":0`},
		{"POST", "/tools/" + id, `{"parameters":"{\"type\":\"object\"}"}`, 201, `"version":1`},
		{"POST", "/tools/" + id, `{"name":"t","parameters":"{\"type\":\"object\"}"}`, 422, "Extra inputs"},
		{"POST", "/configs/" + desk, `{"evi_version":"2"}`, 422, "evi_version"},
		{"POST", "/configs/" + desk, `{"evi_version":"3"}`, 422, "voice"},
		{"POST", "/configs/" + desk, `{"evi_version":"4-mini","voice":{"id":"a","name":"b","provider":"HUME_AI"}}`, 422,
			"either"},
		{"POST", "/configs/" + desk, `{"evi_version":"4-mini","prompt":{"id":"nowhere"}}`, 422, "prompt"},
		{"POST", "/configs/" + desk,
			`{"evi_version":"4-mini","builtin_tools":[{"name":"hang_up","tool_type":"BUILTIN"}]}`, 422, "Extra inputs"},
		{"POST", "/configs/" + desk, `{"evi_version":"4-mini","webhooks":[{"url":"http://x","events":[]}]}`, 422, "https"},
		{"POST", "/configs/" + desk, fmt.Sprintf(tool, 9), 422, "no such version"},
		{"POST", "/configs/" + desk, fmt.Sprintf(tool, 1), 201, `"name":"t"`},
	} {
		r, err := http.NewRequest(tt.method, s.URL()+"/v0/evi"+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Hume-Api-Key", "key")
		r.Header.Set("Content-Type", "application/json")
		status, said := do(t, r)
		if status != tt.status || !strings.Contains(said, tt.says) {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.body, status, said)
		}
	}
	r, _ := http.NewRequest("GET", s.URL()+"/v0/evi/tools", nil)
	if status, _ := do(t, r); status != 401 {
		t.Errorf("without a key: %d", status)
	}
	r, _ = http.NewRequest("POST", s.URL()+"/v0/evi/tools", strings.NewReader("{}"))
	r.Header.Set("X-Hume-Api-Key", "key")
	if status, _ := do(t, r); status != 415 {
		t.Errorf("without a type: %d", status)
	}
}

func do(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	r.Close = true
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
