package tools

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func done(context.Context, struct{}) (string, error) { return "done", nil }

func names(infos []Info) []string {
	var names []string
	for _, info := range infos {
		names = append(names, info.Name)
	}
	return names
}

func TestNewRegistryChecksItsBounds(t *testing.T) {
	tests := map[string]struct {
		config Config
		want   string // of the error; empty for none
	}{
		"defaults":           {Config{}, ""},
		"small-total":        {Config{MaxTotal: 2}, ""},
		"negative-per-call":  {Config{MaxPerCall: -1}, "MaxPerCall -1"},
		"negative-total":     {Config{MaxTotal: -1}, "MaxTotal -1"},
		"per-call-too-large": {Config{MaxPerCall: 65}, "MaxPerCall 65 is above MaxTotal 64"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := NewRegistry(test.config)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	r := registry(t, Config{}, mustNew(t, "b", done), mustNew(t, "a.x", done), mustNew(t, "a", done))
	if got, want := names(r.List()), []string{"a", "a.x", "b"}; !slices.Equal(got, want) {
		t.Errorf("list is %v, want %v", got, want)
	}
	if err := r.Add(mustNew(t, "b", done)); err == nil || err.Error() != "tools: add b: a tool with that name already exists" {
		t.Errorf("a second b: %v", err)
	}
	if err := r.Add(Tool{}); err == nil {
		t.Error("the zero tool is accepted")
	}
	if info, ok := r.Lookup("b"); !ok || info.Name != "b" || info.Description != "Used by a test." {
		t.Errorf("lookup finds %+v, %v", info, ok)
	}
	if info, ok := r.Lookup("c"); ok || info.Name != "" {
		t.Errorf("lookup finds %+v, %v", info, ok)
	}
}

func TestOnly(t *testing.T) {
	r := registry(t, Config{}, mustNew(t, "a", done), mustNew(t, "b", done), mustNew(t, "c", done))
	if _, err := r.Only("a", "x", "b", "y"); err == nil || err.Error() != `tools: no tool named "x", "y"` {
		t.Errorf("error is %v, want both names", err)
	}
	set, err := r.Only("c", "a", "c")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(set.List()), []string{"a", "c"}; !slices.Equal(got, want) {
		t.Errorf("list is %v, want %v", got, want)
	}
	for name, want := range map[string]bool{"a": true, "b": false, "c": true, "": false} {
		if answer := set.Call(t.Context(), Call{ID: "call_1", Name: name}); answer.OK != want || answer.ID != "call_1" || answer.Name != name {
			t.Errorf("the answer of %q is %+v, want OK %v", name, answer, want)
		}
	}
	if answer := (Set{}).Call(t.Context(), Call{Name: "a"}); answer.OK || answer.Say != sayUnknown {
		t.Errorf("the zero set answers %+v", answer)
	}
	if list := (Set{}).List(); len(list) != 0 {
		t.Errorf("the zero set lists %v", list)
	}
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := registry(t, Config{}, deaf(t, release, Timeout(time.Second)))
		r.Call(t.Context(), Call{Name: "deaf"})

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := r.Close(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "tools: close: 1 handlers have not returned") {
			t.Errorf("closed beside a running handler: %v", err)
		}
		if answer := r.Call(t.Context(), Call{Name: "deaf"}); answer.OK || answer.Err != "tools: deaf: the registry is closed" {
			t.Errorf("a closed registry answers %+v", answer)
		}
		if err := r.Add(mustNew(t, "a", done)); !errors.Is(err, errClosed) {
			t.Errorf("a closed registry takes a tool: %v", err)
		}

		close(release)
		if err := r.Close(t.Context()); err != nil {
			t.Errorf("closed after the handler returned: %v", err)
		}
	})
}
