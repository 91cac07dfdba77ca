package permits_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// begin: what docs/CONSENT.md shows

// dialWithPermit asks for a permit, has dial place the call, and reports that it did.
func dialWithPermit(bridge, key, to string, dial func(opening string) (callRef string, err error)) error {
	post := func(path string, body, answer any) error {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		req, err := http.NewRequest(http.MethodPost, bridge+path, bytes.NewReader(b))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		if err == nil && res.StatusCode != http.StatusCreated {
			err = fmt.Errorf("%s: %s: %s", path, res.Status, text) // the reasons are in its decision
		}
		if err != nil || answer == nil {
			return err
		}
		return json.Unmarshal(text, answer)
	}
	var issued struct {
		Permit struct{ ID string }
		Duties []struct{ Rule, Do, Say string }
	}
	err := post("/v1/permits", map[string]any{"to": to, "agent": "reminders", "contains_marketing": false}, &issued)
	if err != nil {
		return err // no permit, no call
	}
	ref, err := dial(issued.Duties[0].Say)
	if err != nil {
		return err
	}
	event := map[string]any{"id": ref + "-created", "type": "created", "at": time.Now(), "call_ref": ref}
	return post("/v1/permits/"+issued.Permit.ID+"/events", event, nil)
}

// end

func TestTheExampleOfTheDocument(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../docs/CONSENT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(source), "// begin: what docs/CONSENT.md shows\n")
	code, _, _ = strings.Cut(code, "// end\n")
	if !strings.Contains(string(doc), strings.TrimSpace(code)) {
		t.Error("docs/CONSENT.md does not show the example as it stands here")
	}

	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"permit":{"id":"permit_1"},"duties":[{"rule":"identification","say":"Hello"}]}`)
	}))
	defer web.Close()
	var said string
	err = dialWithPermit(web.URL, "key", dana, func(opening string) (string, error) { said = opening; return "sip-1", nil })
	if err != nil || said != "Hello" || len(asked) != 2 || !strings.HasPrefix(asked[1], "/v1/permits/permit_1/events Bearer key {") {
		t.Errorf("said %q, asked %q, %v", said, asked, err)
	}
}
