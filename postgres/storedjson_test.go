package postgres

import (
	"encoding/json"
	"testing"
)

// JSON is written as Postgres can hold it. A backslash that is escaped itself begins no NUL.
func TestStoredJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a":"b"}`:                 `{"a":"b"}`,
		`"a\u0000b"`:                "\"a\ufffdb\"",
		`"\u0000\u0000"`:            "\"\ufffd\ufffd\"",
		`"\\u0000"`:                 `"\\u0000"`,
		`"\\\u0000"`:                "\"\\\\\ufffd\"",
		`"\n\u0000\"\u0001"`:        "\"\\n\ufffd\\\"\\u0001\"",
		"\"a\xffb\"":                "\"a\ufffdb\"",
		"\"a\xff\\u0000\\\\u0000\"": "\"a\ufffd\ufffd\\\\u0000\"",
	} {
		got := string(storedJSON([]byte(in)))
		if got != want || !json.Valid([]byte(got)) {
			t.Errorf("%q is written as %q, want %q", in, got, want)
		}
	}
}
