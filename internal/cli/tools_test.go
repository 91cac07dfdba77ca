package cli

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/tools"
)

// shop is an HTTP tool's far end, and a folder whose bridge.yaml has it.
func shop(t *testing.T, more string, handle http.HandlerFunc) {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	configtest.In(t, map[string]string{".env": "HOOK_KEY=whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n", "bridge.yaml": "tools:\n  order_status:\n" +
		"    description: Look up an order.\n    parameters: {type: object, properties: {order_id: {type: string}}, required: [order_id]}\n    http: {url: \"" + s.URL + "\"" + more + "}\n"})
}

func TestToolsRunPrintsTheAnswer(t *testing.T) {
	shop(t, ", sign: HOOK_KEY", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if string(b) != `{"order_id":"7"}` || !strings.HasPrefix(r.Header.Get("Webhook-Signature"), "v1,") {
			t.Errorf("got %s, signed %q", b, r.Header.Get("Webhook-Signature"))
		}
		fmt.Fprint(w, "shipped")
	})
	if r := exits(t, exitDone, []string{"tools", "run", "order_status", `{"order_id":"7"}`}, " ms"); r.out != "shipped\n" {
		t.Errorf("got %q", r.out)
	}
	var got ran
	if r := exits(t, exitDone, []string{"tools", "run", "order_status", `{"order_id":"7"}`, "--json"}); json.Unmarshal([]byte(r.out), &got) != nil || !got.OK || got.Content != "shipped" || r.err != "" {
		t.Errorf("got %s", r.out)
	}
	stdin(t, `{"order_id":"7"}`)
	exits(t, exitDone, []string{"tools", "run", "order_status", "-"}, "shipped")
}

// stdin gives a command something to read.
func stdin(t *testing.T, text string) {
	t.Helper()
	write(t, "stdin", text)
	f, err := os.Open("stdin")
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdin
	os.Stdin = f
	t.Cleanup(func() { os.Stdin = old; f.Close() })
}

func TestToolsRunFails(t *testing.T) {
	asked := 0
	shop(t, ", idempotent: true", func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Error(w, "secret page", http.StatusBadGateway)
	})
	exits(t, exitFailed, []string{"tools", "run", "order_status"}, "order_id", "the agent receives")
	if asked != 0 {
		t.Error("it was asked with arguments that do not fit")
	}
	r := exits(t, exitFailed, []string{"tools", "run", "order_status", `{"order_id":"7"}`}, "502")
	if asked != 2 || strings.Contains(r.err, "secret page") { // idempotent: once more
		t.Errorf("asked %d times: %s", asked, r.err)
	}
	exits(t, exitFailed, []string{"tools", "run", "order_status", `{"order_id":"7"}`, "--json"}, `"ok":false`, `"say":`)
	exits(t, exitUsage, []string{"tools", "run", "order_status", `{"order_id"`}, "not JSON")
	exits(t, exitUsage, []string{"tools", "run", "end_call"}, "built in", "only during")
	exits(t, exitUsage, []string{"tools", "run", "orderstatus"}, "did you mean order_status?")
	exits(t, exitUsage, []string{"tools", "run", "order"}, "did you mean order_status?")
	exits(t, exitUsage, []string{"tools", "run", "transfer"}, "did you mean transfer_call?")
	if r := exits(t, exitUsage, []string{"tools", "run", "zzz"}, "unknown tool zzz"); strings.Contains(r.err, "mean") {
		t.Errorf("a guess far away: %s", r.err)
	}
}

func TestToolsRunBoundsTheAnswer(t *testing.T) {
	shop(t, ", max_response: 10", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "eleven bytes") })
	exits(t, exitFailed, []string{"tools", "run", "order_status", `{"order_id":"7"}`}, "10")
}

func TestPrivateRedirects(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "inside") }))
	defer inside.Close()
	away := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
	}
	shop(t, "", away)
	exits(t, exitFailed, []string{"tools", "run", "order_status", `{"order_id":"7"}`}, "redirect refused")
	shop(t, ", allow_private_redirects: true", away)
	exits(t, exitDone, []string{"tools", "run", "order_status", `{"order_id":"7"}`}, "inside")
}

type wish struct {
	Text string `json:"text"`
}

// A program's own tools are listed and run like those of the file.
func TestToolsOfTheProgram(t *testing.T) {
	own, err := tools.New("note_wish", "Note a wish.", func(_ context.Context, in wish) (string, error) {
		if in.Text == "" {
			return "", &tools.Error{Say: "Ask again.", Err: errors.New("no wish")}
		}
		return "noted", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	configtest.In(t, map[string]string{"bridge.yaml": "agents:\n  a: {tools: [note_wish]}\n"})
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{{[]string{"list"}, exitDone, "note_wish go 8s a"}, {[]string{"run", "note_wish", `{"text":"tea"}`}, exitDone, "noted"}, {[]string{"run", "note_wish", `{"text":""}`}, exitFailed, "Ask again."}} {
		r := bridgeWith(t, []tools.Tool{own}, append([]string{"tools"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(strings.Join(strings.Fields(r.out+r.err), " "), tt.says) {
			t.Errorf("%v: exit %d\n%s%s", tt.args, r.code, r.out, r.err)
		}
	}
	c, err := readTools(ownTools{own})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range c.ToolRows(nil) {
		if row.Name == "note_wish" && (row.Kind != config.KindGo || row.Timeout != 8000 || len(row.Agents) != 1 || row.Unfit != "") {
			t.Errorf("got %+v", row)
		}
	}
}

func TestToolsListNamesTheUnfit(t *testing.T) {
	configtest.In(t, map[string]string{"bridge.yaml": `agents:
  a: {tools: [good, bad, worse, transfer_call, calendar.book, nobody]}
  b: {tools: [good]}
tools:
  good: {description: Fine., http: {url: "http://127.0.0.1:1/"}, timeout: 3s}
  bad: {http: {url: "http://127.0.0.1:1/", sign: NO_SUCH}}
  worse: {parameters: {type: array}, http: {url: "http://127.0.0.1:1/"}}
mcp:
  calendar: {url: "http://127.0.0.1:1/"}
`})
	r := exits(t, exitUsage, []string{"tools", "list", "--json"}, "line 6: tools.bad.http.sign")
	rows := map[string]config.ToolRow{}
	for line := range strings.Lines(r.out) {
		var row config.ToolRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows[row.Name] = row
	}
	if g := rows["good"]; g.Kind != config.KindHTTP || g.Timeout != 3000 || strings.Join(g.Agents, " ") != "a b" || g.Unfit != "" || len(g.Parameters) == 0 {
		t.Errorf("good is %+v", g)
	}
	for name, want := range map[string]string{"bad": "sign", "worse": "line 7: tools.worse", "calendar.book": "no MCP server", "nobody": "unknown tool", "end_call": ""} {
		if row := rows[name]; want == "" && row.Unfit != "" || !strings.Contains(row.Unfit, want) {
			t.Errorf("%s is %+v", name, row)
		}
	}
	exits(t, exitUsage, []string{"tools", "run", "good"}, "tools.bad.http.sign", "agents.a.tools.5")
}

func TestNear(t *testing.T) {
	all := []string{"order_status", "order_state", "end_call", "x"}
	for name, want := range map[string]string{"order_statu": "order_status,order_state", "ORDER_STATUS": "order_status,order_state", "endcall": "end_call", "status": "order_status", "y": "x", "weather": ""} {
		if got := strings.Join(config.Suggest(name, all), ","); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
