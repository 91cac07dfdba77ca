package hume

import "testing"

func TestEqualJSON(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[true,null]}`, ` {"b":[true,null] , "a":1}`, true},
		{`{"a":1}`, `{"a":1.0}`, true},
		{`{"a":20}`, `{"a":2e1}`, true},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":"1"}`, `{"a":1}`, false},
		{`{"a":1}`, `{"a":1} x`, false},
		{`nonsense`, `nonsense`, true},
		{`nonsense`, `{}`, false},
		{`1e999`, `1e998`, false},
	} {
		if got := equalJSON(tt.a, tt.b); got != tt.want || equalJSON(tt.b, tt.a) != tt.want {
			t.Errorf("%s and %s: %v", tt.a, tt.b, got)
		}
	}
}
