package call_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/routing"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// routed is a rig whose number asks an endpoint who answers: support, by default, or sales.
func routed(t *testing.T, timeout time.Duration, answer http.HandlerFunc) *rig {
	t.Helper()
	web := httptest.NewServer(answer)
	c, err := routing.New(routing.Endpoint{URL: web.URL, Timeout: timeout, Secrets: [][]byte{[]byte("a secret of twenty-four b")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); web.Close() })
	return newRig(t, plan{configure: asksAbout(c)})
}

// asksAbout adds the agent sales, and who is asked about the number.
func asksAbout(router call.Router) func(*call.Config) {
	return func(config *call.Config) {
		sales := *config.Profiles["support"]
		sales.Name, sales.Variables = "sales", map[string]string{"clinic": "Riverbend", "name": "nobody yet"}
		config.Profiles["sales"] = &sales
		config.Routers = map[string]call.Router{number: router}
	}
}

// variables is what an agent was given.
func (c *chat) variables() map[string]any {
	given := map[string]any{}
	for _, m := range c.sent("session_settings") {
		more, _ := m.Fields["variables"].(map[string]any)
		maps.Copy(given, more)
	}
	return given
}

// metrics is what the service counts.
func (r *rig) metrics() string {
	r.Helper()
	req, err := http.NewRequestWithContext(r.ctx, "GET", r.web.URL+"/metrics", nil)
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	return string(b)
}

// The agent that the endpoint names answers, with what the endpoint knows of the caller
// laid over the agent's own variables; whatever is wrong with the answer, the default agent
// does, without any of it. Both are in the call's log and in the metrics.
func TestWhoAnswersIsAsked(t *testing.T) {
	t.Parallel()
	says := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
	}
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		agent  string
		note   string
		result string
	}{
		{"sales", says(`{"agent": "sales", "variables": {"name": "Dana", "orders": 3}}`), "sales", "ms): sales", "answered"},
		{"the default agent by name", says(`{"agent": "support"}`), "support", "ms): support", "answered"},
		{"an agent that there is not", says(`{"agent": "` + private + `", "variables": {"name": "Dana"}}`), "support", "names no agent of this configuration; by default support answers", "wrong"},
		{"a page", says("<html>" + private), "support", "not an object", "wrong"},
		{"an error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, "support", "the status is 502", "wrong"},
		{"nobody", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "support", "by default support answers", "gone"},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, "support", "no answer within 100ms; by default support answers", "slow"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			timeout := routing.MaxTimeout
			if row.result == "slow" {
				timeout = 100 * time.Millisecond
			}
			r := routed(t, timeout, row.answer)
			c, chat := r.connected()
			got := r.now(c)
			noted := strings.Join(notes(got), "; ")
			if got.Agent != row.agent || !strings.Contains(noted, row.note) || strings.Contains(noted, private) {
				t.Errorf("%s answers; the log notes %q, want %q", got.Agent, noted, row.note)
			}
			r.until("the agent has its settings", func() bool { return row.agent != "sales" || len(chat.sent("session_settings")) > 0 })
			given := chat.variables()
			if row.agent == "sales" && (given["name"] != "Dana" || given["orders"] != "3" || given["clinic"] != "Riverbend" || got.Variables["name"] != "Dana") ||
				row.agent != "sales" && (given["name"] != nil || got.Variables != nil) {
				t.Errorf("the agent is given %v; the log has %v", given, got.Variables)
			}
			if !strings.Contains(r.metrics(), `patchcord_route_seconds_count{result="`+row.result+`"} 1`) {
				t.Errorf("the metrics don't count it as %s", row.result)
			}
		})
	}
}

// A call that is announced again, also while who answers is being asked, is asked about once
// and has one agent. The others are hung up.
func TestOneQuestionForACall(t *testing.T) {
	t.Parallel()
	asked, goOn := make(chan struct{}, 2), make(chan struct{})
	r := routed(t, routing.MaxTimeout, func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-goOn
		io.WriteString(w, `{"agent": "sales"}`)
	})
	v := carrier.Incoming{Call: "CAaaaabbbbccccddddeeeeffff00001111", From: caller, To: number}
	answers := make(chan string, 3)
	var announced sync.WaitGroup
	for range 3 {
		announced.Go(func() {
			answers <- answered(r.board.Answer(v))
		})
	}
	<-asked
	close(goOn)
	announced.Wait()
	streams := 0
	for range 3 {
		switch doc := <-answers; {
		case strings.Contains(doc, "<Stream"):
			streams++
		case !strings.Contains(doc, "<Response><Hangup"):
			t.Errorf("got %s", doc)
		}
	}
	if streams != 1 {
		t.Errorf("%d answers with a stream, want one", streams)
	}
	if r.board.Live() != 1 || len(asked) != 0 {
		t.Errorf("%d calls, and %d more questions", r.board.Live(), len(asked))
	}
}

// toSales answers without being asked over HTTP.
type toSales struct{}

func (toSales) Route(context.Context, call.Question) (call.Route, error) {
	return call.Route{Agent: "sales", Variables: map[string]string{"name": "Dana"}}, nil
}

// What was answered goes with the call: the instance that its stream reaches gives it to the
// same agent, and asks nobody.
func TestTheAnswerGoesToAnotherInstance(t *testing.T) {
	t.Parallel()
	at := postgrestest.URL(t)
	one := newRig(t, plan{url: at, configure: asksAbout(toSales{})})
	two := newRig(t, plan{url: at, configure: func(c *call.Config) {
		asksAbout(nil)(c)
		c.Instance, c.Routers = "there", nil
	}})
	across := &twiliotest.Phone{Bridge: front(t, one, two), Public: public, AuthToken: authToken}
	c, err := across.Dial(one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	agent := two.chat()
	two.until("the agent has its settings", func() bool { return agent.variables()["name"] != nil })
	if rec := two.now(c); rec.Agent != "sales" || rec.Instance != "there" || rec.Variables["name"] != "Dana" || agent.variables()["name"] != "Dana" {
		t.Errorf("%+v; the agent is given %v", rec, agent.variables())
	}
}

func TestTheCallerHangsUpWhileWhoAnswersIsAsked(t *testing.T) {
	t.Parallel()
	asked, goOn := make(chan struct{}), make(chan struct{})
	r := routed(t, routing.MaxTimeout, func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-goOn
		io.WriteString(w, `{"agent": "sales"}`)
	})
	v := carrier.Incoming{Call: "CAaaaabbbbccccddddeeeeffff00001111", From: caller, To: number}
	document := make(chan string)
	go func() {
		document <- answered(r.board.Answer(v))
	}()
	<-asked
	r.board.Status("", carrier.Status{Call: v.Call, State: carrier.Completed})
	close(goOn)
	if doc := <-document; !strings.Contains(doc, "<Hangup") {
		t.Errorf("got %s", doc)
	}
	r.until("the call is over", func() bool {
		c, err := r.db.Calls().BySID(r.ctx, string(v.Call))
		return err == nil && c.Outcome == calllog.OutcomeCallerHungUp && c.Agent == "sales"
	})
}

// A full or draining bridge asks nobody.
func TestNobodyIsAskedForACallThatIsRefused(t *testing.T) {
	t.Parallel()
	r := routed(t, routing.MaxTimeout, func(http.ResponseWriter, *http.Request) { t.Error("the endpoint was asked") })
	r.hangUpAll()
	doc, err := documents.Write(r.board.Answer(carrier.Incoming{Call: "CAaaaabbbbccccddddeeeeffff00001111", From: caller, To: number}))
	if err != nil || strings.Contains(doc, "<Stream") {
		t.Errorf("got %s, %v", doc, err)
	}
}
