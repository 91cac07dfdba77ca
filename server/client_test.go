package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// The client asks every route, and the routes know every parameter and every field that its
// types have, whatever they say of the values.
func TestClientAsksEveryRoute(t *testing.T) {
	t.Parallel()
	s, operators, _ := openAll(t)
	var mu sync.Mutex
	left := slices.DeleteFunc(operators, func(pattern string) bool { return !strings.Contains(pattern, " /v1/") })
	client := &api.Client{URL: s.recording(left, func(pattern, answer string) {
		mu.Lock()
		defer mu.Unlock()
		left = slices.DeleteFunc(left, func(p string) bool { return p == pattern })
		for _, unknown := range []string{"no such field", "not a parameter", "no such route", "the body must be"} {
			if strings.Contains(answer, unknown) {
				t.Errorf("%s: %.500s", pattern, answer)
			}
		}
	}), Key: apiToken, Via: consent.ViaCLI}
	v := reflect.ValueOf(client)
	for i := range v.NumMethod() {
		for n := 0; askedWith(s.ctx, v.Method(i), n); n++ {
		}
	}
	if mu.Lock(); len(left) > 0 {
		t.Errorf("no method of the client asks %v", left)
	}
	mu.Unlock()
}

// askedWith calls a method of the client with something in every field of its arguments, and of
// a query in the nth alone: the first that is wrong is all that some routes tell of. It is false
// if there is no nth.
func askedWith(ctx context.Context, method reflect.Value, n int) bool {
	args, query := []reflect.Value{reflect.ValueOf(ctx)}, false
	for i := 1; i < method.Type().NumIn(); i++ {
		arg := filled(method.Type().In(i))
		if arg.Kind() == reflect.Struct && arg.Type().Field(0).Tag.Get("query") != "" {
			if n >= arg.NumField() {
				return false
			}
			one := reflect.New(arg.Type()).Elem()
			one.Field(n).Set(arg.Field(n))
			arg, query = one, true
		}
		args = append(args, arg)
	}
	if !query && n > 0 {
		return false
	}
	call := method.Call
	if method.Type().IsVariadic() {
		call = method.CallSlice
	}
	for _, out := range call(args) {
		if body, ok := out.Interface().(io.Closer); ok {
			body.Close()
		}
	}
	return true
}

// recording is the address of a proxy of the site, which gives each answer to see.
func (s *site) recording(patterns []string, see func(pattern, answer string)) string {
	mux := http.NewServeMux()
	to, err := url.Parse(s.web.URL)
	if err != nil {
		s.Fatal(err)
	}
	mux.Handle("/", httputil.NewSingleHostReverseProxy(to))
	for _, pattern := range patterns {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			got := httptest.NewRecorder()
			httputil.NewSingleHostReverseProxy(to).ServeHTTP(got, r)
			see(pattern, got.Body.String())
			w.WriteHeader(got.Code)
			_, _ = w.Write(got.Body.Bytes())
		})
	}
	web := httptest.NewServer(mux)
	s.Cleanup(web.Close)
	return web.URL
}

// filled is a value that has something in every field.
func filled(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Now().UTC()))
	case t.Kind() == reflect.String:
		v.SetString("x")
	case v.CanInt():
		v.SetInt(1)
	case t.Kind() == reflect.Bool:
		v.SetBool(true)
	case t.Kind() == reflect.Pointer:
		v.Set(filled(t.Elem()).Addr())
	case t.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, filled(t.Elem())))
	case t.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(filled(t.Key()), filled(t.Elem()))
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(filled(t.Field(i).Type))
		}
	case t.Kind() == reflect.Func:
		v.Set(reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value { return nil }))
	}
	return v
}

// What an operator does in a day, by the client.
func TestClient(t *testing.T) {
	t.Parallel()
	s, _, _ := openAll(t)
	c := &api.Client{URL: s.web.URL, Key: apiToken, Via: consent.ViaCLI}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.Ready(s.ctx))
	order := api.CallRequest{To: caller, From: number, Agent: "support", Purpose: consent.Informational,
		Marketing: new(false)}
	placed, err := c.PlaceCall(s.ctx, order, "once")
	must(err)
	again, err := c.PlaceCall(s.ctx, order, "once")
	if must(err); again.Call.ID != placed.Call.ID || placed.Decision.Outcome != consent.Allow {
		t.Errorf("placed %+v, then %+v", placed, again)
	}
	soon := time.Now().Add(time.Hour)
	many, err := c.CheckAll(s.ctx, []api.Intent{{CallRequest: order}, {CallRequest: order, DueAt: &soon}})
	if must(err); len(many) != 2 {
		t.Errorf("decisions: %+v", many)
	}
	r, err := c.AddReminder(s.ctx, api.ReminderRequest{CallRequest: order, DueAt: soon, Key: "visit"})
	must(err)
	if r, err = c.CancelReminder(s.ctx, r.ID); err != nil || r.Status != api.ReminderCancelled {
		t.Errorf("the reminder is %+v, %v", r, err)
	}
	s.write("call_1", 1, func(c *calllog.Call) { c.Outcome = calllog.OutcomeAgentEnded },
		calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: "Hello."})
	var said []string
	_, err = c.CallEvents(s.ctx, "call_1", "", func(e calllog.Entry) { said = append(said, e.Text) })
	if must(err); !slices.Equal(said, []string{"Hello."}) {
		t.Errorf("the events are %q", said)
	}
	_, err = c.SayInCall(s.ctx, "call_1", "Good-bye.")
	if err == nil || !strings.Contains(err.Error(), "409: conflict: the call is not live") {
		t.Errorf("said in a call that is over: %v", err)
	}
	rows, err := c.RecordEvents(s.ctx, api.EventsQuery{}, api.Event{Type: consent.Revoke, Number: caller,
		Seller: "riverbend", OccurredAt: "2026-01-02", Source: "phone"})
	if must(err); len(rows) != 1 || rows[0].Seq == 0 {
		t.Errorf("recorded as %+v", rows)
	}
	h, err := c.Consent(s.ctx, caller)
	must(err)
	facts, err := h.Facts()
	must(err)
	if n := len(facts); h.Number != caller || n < 2 || facts[n-2].OccurredOn != "2026-01-02" ||
		facts[n-2].Via != consent.ViaCLI {
		t.Errorf("the history is %+v", facts)
	}
	var refused *api.Problem
	if _, err = c.PlaceCall(s.ctx, order, "later"); !errors.As(err, &refused) || refused.Decision == nil ||
		refused.Status != 403 || refused.Decision.Outcome != consent.Deny {
		t.Errorf("a call to somebody who refused: %v", err)
	}
}
