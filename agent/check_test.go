package agent_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/internal/hostile"
)

// What a voice can't be given is known without dialing it, on either wire: the error names the
// field and the bound, and quotes no value.
func TestDialerCheck(t *testing.T) {
	t.Parallel()
	variables := func(n, size int) map[string]string {
		all := map[string]string{}
		for i := range n {
			all[fmt.Sprint("v", i)] = strings.Repeat("x", size)
		}
		return all
	}
	tools := func(n, size int) (all []agent.Tool) {
		for i := range n {
			all = append(all, agent.Tool{Name: fmt.Sprint("tool", i), Description: strings.Repeat("d", size), Schema: []byte(`{"type":"object"}`)})
		}
		return all
	}
	one := func(tool agent.Tool) agent.Session { return agent.Session{Tools: []agent.Tool{tool}} }
	for _, test := range []struct {
		name, prompt string
		session      agent.Session
		want         string // empty: it can be given
	}{
		{"nothing", "", agent.Session{}, ""},
		{"as much as may be", strings.Repeat("p", 64<<10), agent.Session{Variables: variables(100, 600), Tools: tools(128, 900)}, ""},
		{"a name with brackets", "", agent.Session{Variables: map[string]string{"a[b]": "secret"}}, "variables: include one that no voice accepts: want a name of a letter"},
		{"a value with NUL", "", agent.Session{Variables: map[string]string{"a": "secret\x00"}}, "variables: include one that no voice accepts: the value has a control character"},
		{"a value that is no UTF-8", "", agent.Session{Variables: map[string]string{"a": "secret\xff"}}, "variables: include one that no voice accepts: the value is not UTF-8"},
		{"a long value", "", agent.Session{Variables: variables(1, 2001)}, "variables: include one that no voice accepts: the value has 2001 bytes: want at most 2000"},
		{"many variables", "", agent.Session{Variables: variables(101, 1)}, "variables: are 101: want at most 100"},
		{"large ones", "", agent.Session{Variables: variables(40, 2000)}, "bytes together: want at most 65536"},
		{"a long prompt", strings.Repeat("p", 64<<10+1), agent.Session{}, "prompt_file: has 65537 bytes with its variables: want at most 65536"},
		{"a prompt with NUL", "a\x00", agent.Session{}, "prompt_file: has a control character"},
		{"a prompt that is no UTF-8", "a\xff", agent.Session{}, "prompt_file: is not UTF-8"},
		{"many tools", "", agent.Session{Tools: tools(129, 1)}, "tools: are 129: want at most 128"},
		{"a large tool", "", agent.Session{Tools: tools(1, 32<<10)}, "tools: tool0 has 32790 bytes with its schema: want at most 32768"},
		{"large tools", "", agent.Session{Tools: tools(5, 30_000)}, "tools: have 150110 bytes together: want at most 131072"},
		{"the same twice", "", agent.Session{Tools: append(tools(1, 1), tools(1, 1)...)}, "tools: tool0 is a duplicate"},
		{"a tool's name", "", one(agent.Tool{Name: "look up"}), "tools: have a name that isn't 1 to 128 letters, digits, _, . and -"},
		{"none", "", one(agent.Tool{}), "tools: have a name that isn't 1 to 128"},
		{"a long one", "", one(agent.Tool{Name: strings.Repeat("n", 129)}), "tools: have a name that isn't 1 to 128"},
		{"a schema that is none", "", one(agent.Tool{Name: "look", Schema: []byte(`[]`)}), "tools: look has a schema that is not a JSON object"},
		{"a broken one", "", one(agent.Tool{Name: "look", Schema: []byte(`{"a":`)}), "tools: look has a schema that is not a JSON object"},
		{"a description that is no UTF-8", "", one(agent.Tool{Name: "look", Description: "\xff"}), "tools: look has a description that is not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for wire, d := range map[string]agent.Dialer{"evi": &agent.EVI{Prompt: test.prompt}, "realtime": &agent.Realtime{Prompt: test.prompt}} {
				err := d.Check(test.session)
				var bad *agent.SessionError
				switch {
				case test.want == "" && err != nil:
					t.Errorf("%s: %v", wire, err)
				case test.want != "" && (!errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret")):
					t.Errorf("%s: got %v, want %s", wire, err, test.want)
				}
				if test.want == "" {
					continue
				}
				var lost *agent.LostError // nobody is dialed: the next voice may do
				if _, err := d.Dial(limited(t), test.session); !errors.As(err, &lost) || !lost.Fatal || !errors.As(err, &bad) {
					t.Errorf("%s: dialed: %v", wire, err)
				}
			}
		})
	}
}

// A prompt is measured as it goes over the wire: EVI fills in the variables by itself.
func TestDialerCheckFillsThePrompt(t *testing.T) {
	t.Parallel()
	session := agent.Session{Variables: map[string]string{"name": strings.Repeat("x", 2000)}}
	prompt := strings.Repeat("{{name}} ", 40)
	if err := (&agent.Realtime{Prompt: prompt}).Check(session); err == nil || !strings.Contains(err.Error(), "prompt_file: has 8") {
		t.Errorf("realtime: %v", err)
	}
	if err := (&agent.EVI{Prompt: prompt}).Check(session); err != nil {
		t.Errorf("evi: %v", err)
	}
}

// Whatever the variables are, none of them is in the address that is asked for, which is
// written down on its way; and no check panics.
func TestNothingPersonalInTheAddress(t *testing.T) {
	t.Parallel()
	const name, value = "who_is_it", "Dana +14155550142"
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		w.WriteHeader(http.StatusForbidden)
	}))
	defer s.Close()
	session := agent.Session{CallSID: "CA1", Variables: map[string]string{name: value}, Tools: []agent.Tool{{Name: "look", Description: value}}}
	for _, d := range []agent.Dialer{&agent.EVI{URL: s.URL, APIKey: key, Prompt: "Greet {{who_is_it}}."},
		&agent.Realtime{URL: s.URL, APIKey: key, Model: "m", Prompt: "Greet {{who_is_it}}."}} {
		if err := d.Check(session); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Dial(limited(t), session); err == nil {
			t.Fatal("a server that refuses is dialed")
		}
		for _, in := range append(hostile.Texts(), hostile.Large()...) {
			_ = d.Check(agent.Session{Variables: map[string]string{in.Text: "x", "x": in.Text}})
			_ = d.Check(agent.Session{Tools: []agent.Tool{{Name: in.Text, Description: in.Text, Schema: []byte(in.Text)}}})
		}
	}
	if len(asked) != 2 {
		t.Fatalf("asked for %q", asked)
	}
	for _, address := range asked {
		for _, personal := range []string{"Dana", "4155550142", key, "variables"} {
			if strings.Contains(address, personal) {
				t.Errorf("%s is in %s", personal, address)
			}
		}
	}
}
