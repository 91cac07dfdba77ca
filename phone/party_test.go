package phone

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParty(t *testing.T) {
	if n, err := Party("+14155550142").Number(); err != nil || n.E164() != "+14155550142" {
		t.Errorf("%v, %v", n, err)
	}
	for _, p := range []Party{"", "anonymous", "sip:alice@example.com", "+266696687", "+86282452253"} {
		if n, err := p.Number(); err == nil || !n.IsZero() {
			t.Errorf("%s has the number %v", p, n)
		}
	}
	v := struct{ From, To Party }{From: "+14155550142", To: "sip:alice@example.com"}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s %q %s", v, v, v, v.From, v.From, b)
	if strings.Contains(shown, "555014") || strings.Contains(shown, "alice") || !strings.Contains(shown, "+1415…0142") {
		t.Error(shown)
	}
}
