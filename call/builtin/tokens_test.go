package builtin

import (
	"fmt"
	"testing"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// A reference is replaced where it is a whole text, at any depth, and nowhere else.
func TestDetokenize(t *testing.T) {
	var s State
	v := &s.tokens
	v.tokenize("pin", "0042", now)
	v.tokenize("card", "4111", now)
	for _, x := range []struct{ arguments, want, missing string }{
		{`{"a":"digits:pin"}`, `{"a":"0042"}`, ""},
		{`{"a":{"b":["digits:card","x"]},"c":"digits:pin","n":12345678901234567890}`,
			`{"a":{"b":["4111","x"]},"c":"0042","n":12345678901234567890}`, ""},
		{`{"a":"digits:pin "}`, `{"a":"digits:pin "}`, ""},
		{`{"a":"my digits:pin"}`, `{"a":"my digits:pin"}`, ""},
		{`{"digits:pin":"<&>"}`, `{"digits:pin":"<&>"}`, ""},
		{`{"a":"digits:pin","b":"<&>"}`, `{"a":"0042","b":"<&>"}`, ""},
		{`{"a":"digits:nothing"}`, `{"a":"digits:nothing"}`, "digits:nothing"},
		{`{"a":"digits:pin"`, `{"a":"digits:pin"`, ""},
		{``, ``, ""},
	} {
		if f := s.Detokenize(x.arguments, now); string(f.Arguments) != x.want || f.Missing != x.missing {
			t.Errorf("%s is filled as %s, missing %q", x.arguments, f.Arguments, f.Missing)
		}
	}
}

// What is kept is bounded in number and in time.
func TestTokensAreBounded(t *testing.T) {
	var s State
	v := &s.tokens
	for i := range maxTokens + 1 {
		v.tokenize(fmt.Sprint("n", i), fmt.Sprint(i), now.Add(time.Duration(i)*time.Second))
	}
	v.tokenize("n3", "33", now.Add(time.Minute))
	has := func(ref string, at time.Time) bool { _, ok := v.get(ref, at); return ok }
	if has("digits:n0", now) || !has("digits:n1", now) || !has("digits:n8", now) || len(v.kept) != maxTokens {
		t.Errorf("%d are kept: want the newest %d", len(v.kept), maxTokens)
	}
	if k, _ := v.get("digits:n3", now); k.digits != "33" {
		t.Errorf("what is put again stays %q", k.digits)
	}
	if late := now.Add(tokenLife + 8*time.Second); has("digits:n8", late) || !has("digits:n3", late) {
		t.Error("they are not forgotten in time")
	}
	if s.Forget(); has("digits:n3", now) {
		t.Error("they are not forgotten with the call")
	}
}

// Digits are masked in whatever a tool answers, grouped or not, but not within other numbers.
func TestMask(t *testing.T) {
	var s State
	v := &s.tokens
	v.tokenize("card", "4111111111111111", now)
	v.tokenize("pin", "42", now)
	f := s.Detokenize(`["digits:card","digits:pin"]`, now)
	for in, want := range map[string]string{
		"card 4111111111111111.":       "card digits:card.",
		"4111 1111 1111 1111 (42)":     "digits:card (digits:pin)",
		"4111-1111-1111-1111, 4.2":     "digits:card, digits:pin",
		"41111111111111112":            "41111111111111112",
		"142 and 421 and 4242":         "142 and 421 and 4242",
		"42":                           "digits:pin",
		"no number":                    "no number",
		"4111111111111111411111111111": "4111111111111111411111111111",
	} {
		a := f.Mask(tools.Answer{Content: in, Say: in, Err: in})
		if a.Content != want || a.Say != want || a.Err != want {
			t.Errorf("%q becomes %q, want %q", in, a.Content, want)
		}
	}
}
