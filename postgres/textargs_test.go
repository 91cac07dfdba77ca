package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Texts of every type are marked; what is not text, and what the caller holds, stays as it is.
func TestStoreArgs(t *testing.T) {
	type word string
	bad, good := "a\x00", "a"
	list, words := []string{"x", "\xff"}, []word{"\x00", "y"}
	args := []any{bad, &bad, word(bad), list, words, good, &good, []byte(bad), 1, nil, (*string)(nil), []string(nil), map[string]string{"a": bad}}
	storeArgs(args)
	marked := "a\ufffd"
	want := []any{marked, &marked, word(marked), []string{"x", "\ufffd"}, []word{"\ufffd", "y"}, good, &good, []byte(bad), 1, nil, (*string)(nil), []string(nil), map[string]string{"a": bad}}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if bad != "a\x00" || list[1] != "\xff" || words[0] != "\x00" {
		t.Errorf("the caller's are changed: %q, %q, %q", bad, list, words)
	}
}
