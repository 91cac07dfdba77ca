package hume_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/hume"
)

func TestToolsAreCreatedVersionedAndListed(t *testing.T) {
	_, c := serve(t)
	made, err := c.CreateTool(t.Context(), orderStatus, "first")
	if err != nil || made.Version != 0 || made.ToolSpec != orderStatus {
		t.Fatalf("got %+v, %v", made, err)
	}
	changed := orderStatus
	changed.Fallback = ""
	next, err := c.AddToolVersion(t.Context(), made.ID, changed, "second")
	if err != nil || next.Version != 1 || next.ID != made.ID || next.Name != "order_status" || next.Fallback != "" {
		t.Fatalf("got %+v, %v", next, err)
	}
	all, err := c.Tools(t.Context())
	if err != nil || len(all) != 1 || all[0] != next {
		t.Errorf("got %+v, %v", all, err)
	}
	if d := orderStatus.Differences(all[0]); len(d) != 1 || d[0] != "fallback_content" {
		t.Errorf("the differences are %v", d)
	}
}

func TestPromptsAreCreatedVersionedAndListed(t *testing.T) {
	_, c := serve(t)
	made, err := c.CreatePrompt(t.Context(), "patchcord-a", "Be brief.", "")
	if err != nil || made.Version != 0 || made.Text != "Be brief." {
		t.Fatalf("got %+v, %v", made, err)
	}
	if _, err := c.AddPromptVersion(t.Context(), made.ID, "Be kind.", ""); err != nil {
		t.Fatal(err)
	}
	all, err := c.Prompts(t.Context())
	if err != nil || len(all) != 1 || all[0].Version != 1 || all[0].Text != "Be kind." || all[0].Name != "patchcord-a" {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestListsAreReadToTheLastPage(t *testing.T) {
	s, c := serve(t)
	if all, err := c.Tools(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("an empty account has %v, %v", all, err)
	}
	for i := range 205 {
		s.Add("tools", map[string]any{"name": fmt.Sprint("t", i), "parameters": `{"type":"object"}`})
	}
	all, err := c.Tools(t.Context())
	if err != nil || len(all) != 205 || all[204].Name != "t204" {
		t.Errorf("got %d, %v", len(all), err)
	}
	if n := len(s.Requests()); n != 4 {
		t.Errorf("%d requests", n)
	}
}

// A list that says it never ends is an error, and one that moves while it is read
// names nothing twice.
func TestListsThatLie(t *testing.T) {
	page := 0
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page++
		fmt.Fprintf(w, `{"total_pages":1000000,"tools_page":[null,{"id":"a","version":%d,"name":"a","parameters":"{}"}]}`,
			page)
	}))
	defer h.Close()
	if _, err := client(t, h.URL).Tools(t.Context()); err == nil || !strings.Contains(err.Error(), "100 pages") {
		t.Errorf("got %v", err)
	}
	moving := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := map[string]int{"0": 1, "1": 7, "2": 3}[r.URL.Query().Get("page_number")]
		fmt.Fprintf(w, `{"total_pages":3,"tools_page":[{"id":"a","version":%d,"name":"a","parameters":"{}"}]}`, n)
	}))
	defer moving.Close()
	if all, err := client(t, moving.URL).Tools(t.Context()); err != nil || len(all) != 1 || all[0].Version != 7 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func config() map[string]any {
	return map[string]any{"name": "desk", "evi_version": "3", "voice": map[string]any{"provider": "HUME_AI",
		"id": "v"}, "builtin_tools": []any{map[string]any{"name": "hang_up", "fallback_content": "Bye."}},
		"language_model": map[string]any{"model_provider": "ANTHROPIC", "model_resource": "x", "temperature": 0.5}}
}

func TestAConfigurationKeepsWhatIsNotChanged(t *testing.T) {
	s, c := serve(t)
	mine, err := c.CreateTool(t.Context(), orderStatus, "")
	if err != nil {
		t.Fatal(err)
	}
	other := s.Add("tools", map[string]any{"name": "other", "parameters": `{"type":"object"}`})
	body := config()
	body["tools"] = []any{map[string]any{"id": other}, map[string]any{"id": mine.ID, "version": 0}}
	body["prompt"] = map[string]any{"id": s.Add("prompts", map[string]any{"name": "p", "text": "Hello."}), "version": 0}
	id := s.Add("configs", body)
	if mine, err = c.AddToolVersion(t.Context(), mine.ID, orderStatus, ""); err != nil {
		t.Fatal(err)
	}
	was, err := c.Configuration(t.Context(), id)
	if err != nil || was.Name != "desk" || len(was.Tools) != 2 || !was.Tools[0].Follows || was.Tools[1].Follows ||
		was.Prompt == nil {
		t.Fatalf("got %+v, %v", was, err)
	}
	change := hume.Change{Tools: []hume.Ref{{ID: mine.ID, Version: mine.Version}}, Note: "n"}
	if tools, prompt := was.Missing(change); len(tools) != 1 || prompt {
		t.Errorf("missing are %v, %v", tools, prompt)
	}
	is, err := c.AddConfigurationVersion(t.Context(), was, change)
	if err != nil || is.Version != 1 || is.Tools[1].Version != 1 || !is.Tools[0].Follows || *is.Prompt != *was.Prompt {
		t.Fatalf("got %+v, %v", is, err)
	}
	if tools, _ := is.Missing(change); len(tools) != 0 {
		t.Errorf("still missing %v", tools)
	}
	versions := s.Versions("configs", "desk")
	for _, field := range []string{"voice", "builtin_tools", "language_model", "evi_version"} {
		if a, b := text(versions[0][field]), text(versions[1][field]); a != b {
			t.Errorf("%s was %s and is %s", field, a, b)
		}
	}
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// What this client does not know of a configuration is not lost, and a version of 0
// is a version.
func TestAConfigurationKeepsWhatNobodyKnows(t *testing.T) {
	var sent map[string]json.RawMessage
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			json.NewDecoder(r.Body).Decode(&sent)
			fmt.Fprint(w, `{"id":"c","version":4}`)
			return
		}
		fmt.Fprint(w, `{"configs_page":[{"id":"c","name":"n","version":3,"created_on":1,"evi_version":"4-mini","mood":{"of":[1,2]},"nudges":null,"tools":null,"voice":{"provider":"X","custom_voice":{"a":1}},"prompt":null}]}`)
	}))
	defer h.Close()
	c := client(t, h.URL)
	was, err := c.Configuration(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddConfigurationVersion(t.Context(), was, hume.Change{Tools: []hume.Ref{{ID: "t"}},
		Prompt: &hume.Ref{ID: "p"}}); err != nil {
		t.Fatal(err)
	}
	if got, want := text(sent),
		`{"evi_version":"4-mini","mood":{"of":[1,2]},"prompt":{"id":"p","version":0},"tools":[{"id":"t","version":0}],"voice":{"provider":"X","custom_voice":{"a":1}}}`; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}
