package redact

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/tools"
)

func TestArguments(t *testing.T) {
	tool := tools.Info{Secret: []string{"diagnosis"}, Schema: json.RawMessage(`{"type":"object","properties":{
		"login":{"type":"string","format":"password"},
		"people":{"type":"array","items":{"$ref":"#/$defs/person"}},
		"pair":{"prefixItems":[{},{"writeOnly":true}]},
		"old":{"items":[{},{"writeOnly":true}],"additionalItems":{"format":"password"}},
		"any":{"anyOf":[{"type":"number"},{"type":"string","writeOnly":true}]}},
		"patternProperties":{"^x-":{"writeOnly":true}},
		"additionalProperties":{"properties":{"deep":{"writeOnly":true}}},
		"$defs":{"person":{"properties":{"note":{"type":"string","writeOnly":true}}}}}`)}
	tests := map[string]struct{ in, want string }{
		"nothing":         {``, ``},
		"spaces":          {"  \n", ``},
		"null":            {`null`, `null`},
		"empty":           {` {} `, `{}`},
		"as it is":        {`{"b" : [1.50, -0, 1e400, 12345678901234567890], "a":"\u00e9\/<&>" ,"a":null}`, `{"b" : [1.50, -0, 1e400, 12345678901234567890], "a":"\u00e9\/<&>" ,"a":null}`},
		"not JSON":        {`{"password":"hunter2"`, `"(21 bytes, not JSON)"`},
		"by name":         {`{"diagnosis":{"a":[1,"]"]},"x":[{"Diagnosis":true}],"y":1}`, `{"diagnosis":"***","x":[{"Diagnosis":"***"}],"y":1}`},
		"by format":       {`{"login":"abc"}`, `{"login":"***"}`},
		"behind a $ref":   {`{"people":[{"note":"x","name":"y"},{"note":{"a":1}}]}`, `{"people":[{"note":"***","name":"y"},{"note":"***"}]}`},
		"by position":     {`{"pair":["a","b","c"]}`, `{"pair":["a","***","c"]}`},
		"as in draft-07":  {`{"old":["a","b","c"]}`, `{"old":["a","***","***"]}`},
		"one of any":      {`{"any":"x"}`, `{"any":"***"}`},
		"by pattern":      {`{"x-a":1,"y-a":{"deep":2}}`, `{"x-a":"***","y-a":{"deep":"***"}}`},
		"words of a name": {`{"PIN":1234,"card_pin":"1","userPIN":"1","pinCode":"1","cvv2":9,"api_key":"k","apiKey":"k","X-Api-Key":"k","passWord":"p","spin":"s","shipping":"s","tokens":3,"secretary":"s"}`, `{"PIN":"***","card_pin":"***","userPIN":"***","pinCode":"***","cvv2":"***","api_key":"***","apiKey":"***","X-Api-Key":"***","passWord":"***","spin":"s","shipping":"s","tokens":3,"secretary":"s"}`},
		"hides nothing":   {`{"secret":true,"token":null,"ssn":false}`, `{"secret":true,"token":null,"ssn":false}`},
		"escaped name":    {`{"p\u0069n":[1,2]}`, `{"p\u0069n":"***"}`},
		"card":            {`{"a":"4111 1111 1111 1111 ","b":4111111111111111,"c":"\u0034111-1111-1111-1111"}`, `{"a":"**** **** **** 1111 ","b":"************1111","c":"****-****-****-1111"}`},
		"card as a name":  {`{"4111111111111111":1}`, `{"************1111":1}`},
		"fraction":        {`[0.4111111111111111,4111111111111112]`, `[0.4111111111111111,4111111111111112]`},
		"given twice":     {`{"a":"123-45-6789","a":"x"}`, `{"a":"***-**-****","a":"x"}`},
		"within a text":   {`{"body":"{\"password\":\"two words\",\"a\":1}"}`, `{"body":"{\"password\":\"***\",\"a\":1}"}`},
		"one text":        {`"my card is 5555555555554444."`, `"my card is ************4444."`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := string(Arguments(tool, json.RawMessage(test.in)))
			if got != test.want {
				t.Errorf("%s is written down as\n%s, want\n%s", test.in, got, test.want)
			}
			if again := string(Arguments(tool, json.RawMessage(got))); again != got {
				t.Errorf("%s becomes %s when it is redacted again", got, again)
			}
		})
	}
}

func TestResult(t *testing.T) {
	key := strings.Repeat("aB3", 12)
	tests := map[string]struct{ in, want string }{
		"plain":               {"Order A-17 of 2026-07-12 is shipped, $4,111.11, call +1 415 555 0142.", "Order A-17 of 2026-07-12 is shipped, $4,111.11, call +1 415 555 0142."},
		"object":              {`{"dob": "1970-01-01", "n": 1.0}`, `{"dob": "***", "n": 1.0}`},
		"cards":               {"378282246310005, 6011 1111 1111 1117; 30569309025904 and 4111–1111–1111–1111", "***********0005, **** **** **** 1117; **********5904 and ****–****–****–1111"},
		"card in emphasis":    {"**4111111111111111**", "**************1111**"},
		"card behind digits":  {"call 12 4111 1111 1111 1111 99", "call 12 **** **** **** 1111 99"},
		"card within digits":  {"x9994111111111111111999", "x999************1111999"},
		"two cards":           {"4111111111111111 5555555555554444", "************1111 ************4444"},
		"wrong sum":           {"4111 1111 1111 1112", "4111 1111 1111 1112"},
		"zeros":               {"0000000000000000", "0000000000000000"},
		"coordinates":         {"37.77492950000004 -122.9194155000001", "37.77492950000004 -122.9194155000001"},
		"too short":           {"4111 1111 111", "4111 1111 111"},
		"social security":     {"ssn 123-45-6789, not 123-45-67890 or 1123-45-6789", "ssn ***-**-****, not 123-45-67890 or 1123-45-6789"},
		"bearer":              {"Authorization: Bearer abc.def-1 and bearer\tx", "Authorization: Bearer *** and bearer\t***"},
		"basic":               {"authorization: Basic dXNlcjpwYXNz", "authorization: Basic ***"},
		"keys":                {"sk-proj-0123456789abcdef ghp_0123456789abcdef0123 xoxb-12345678-abc AKIAIOSFODNN7EXAMPLE", "*** *** *** ***"},
		"web token":           {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!", "***!"},
		"private key":         {"a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b", "a *** b"},
		"address":             {"postgres://u:p4ss@db/x", "postgres://***@db/x"},
		"random":              {"the key " + key + ".", "the key ***."},
		"identifiers":         {"CA0123456789abcdef0123456789abcdef 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "CA0123456789abcdef0123456789abcdef 3f2504e0-4f89-11d3-9a0c-0305e82c3301"},
		"name and value":      {"user=a&password=b&pin: 1234; my_token = 'x y', spin: 3", "user=a&password=***&pin: ***; my_token = '***', spin: 3"},
		"words alone":         {"Your PIN was sent, the token is valid.", "Your PIN was sent, the token is valid."},
		"number that is JSON": {"4111111111111111", `"************1111"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tool := tools.Info{Secret: []string{"dob"}}
			got := Result(tool, test.in)
			if got != test.want {
				t.Errorf("%s is written down as\n%s, want\n%s", test.in, got, test.want)
			}
			if again := Result(tool, got); again != got {
				t.Errorf("%s becomes %s when it is redacted again", got, again)
			}
		})
	}
}

// Whatever comes, it takes little time, and what is written down is not much longer.
func TestIsBounded(t *testing.T) {
	recursive := json.RawMessage(`{"$ref":"#","properties":{"a":{"$ref":"#"}},"allOf":[{"$ref":"#"},{"$ref":"#"}]}`)
	for name, unit := range map[string]string{
		"digits": "4", "card": "4111111111111111 ", "ssn": "123-45-6789 ", "key": "password=", "bearer": "Bearer ", "random": "aB3",
		"quotes": `"`, "backslashes": `\`, "begin": "-----BEGIN PRIVATE KEY-----", "sk": "sk-", "at": "://a:", "zero": "0 ", "bad": "\xff",
		"arrays": "[", "objects": `{"a":`,
	} {
		text := strings.Repeat(unit, tools.MaxResult/len(unit))
		inner, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for kind, redact := range map[string]func() string{
			"text":      func() string { return Result(tools.Info{}, text) },
			"arguments": func() string { return string(Arguments(tools.Info{Schema: recursive}, json.RawMessage(text))) },
			"inner": func() string {
				return string(Arguments(tools.Info{Schema: recursive}, inner[:min(len(inner), tools.MaxArguments)]))
			},
		} {
			began := time.Now()
			got := redact()
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("%s of %s took %v", kind, name, took)
			}
			if len(got) > 3*tools.MaxResult {
				t.Errorf("%s of %s has %d bytes", kind, name, len(got))
			}
		}
	}
	if got := string(Arguments(tools.Info{}, json.RawMessage(`"`+strings.Repeat("x", tools.MaxArguments)+`"`))); got != `"(65538 bytes, too long)"` {
		t.Errorf("long arguments are written down as %.50s", got)
	}
	if got := Result(tools.Info{}, strings.Repeat("x", tools.MaxResult+1)); got != "(65537 bytes, too long)" {
		t.Errorf("a long result is written down as %.50s", got)
	}
	if got := string(Arguments(tools.Info{Schema: recursive}, json.RawMessage(`{"a":{"a":1}}`))); got != `"***"` {
		t.Errorf("by a schema that can't be followed to its end: %s", got)
	}
}

// FuzzRedact plants a card number and a secret in any text and shows that neither is written down.
func FuzzRedact(f *testing.F) {
	f.Add("", "", `{"a":1}`, uint8(0))
	f.Add("9", "9", `{"password":"x"}`, uint8(1))
	f.Add("123-45-6789", "password=", `[{"a":"4111 1111 1111 1111"}, 4111111111111111]`, uint8(2))
	f.Add("Bearer ", "sk-", `{"a":"password=\"b"}`, uint8(3))
	f.Add("41111111111111119999999999", "4111", `"12`, uint8(4))
	f.Add("0.", "0", "-0.0e-1", uint8(5))
	cards := []string{"4111111111111111", "378282246310005", "5555 5555 5555 4444", "6011-1111-1111-1117", "3530 111333 300000"}
	bare := strings.NewReplacer(" ", "", "-", "")
	f.Fuzz(func(t *testing.T, before, after, doc string, which uint8) {
		card := cards[int(which)%len(cards)]
		tool := tools.Info{Secret: []string{"hidden"}, Schema: json.RawMessage(`{"properties":{"a":{"items":{"writeOnly":true}}}}`)}
		check := func(what, in string, redact func(string) string, isJSON bool) string {
			got := redact(in)
			if again := redact(got); again != got {
				t.Errorf("%s: %q becomes %q, and then %q", what, in, got, again)
			}
			if isJSON && got != "" && !json.Valid([]byte(got)) {
				t.Errorf("%s: %q becomes %q, which is not JSON", what, in, got)
			}
			return got
		}
		arguments := func(s string) string { return string(Arguments(tool, json.RawMessage(s))) }
		result := func(s string) string { return Result(tool, s) }
		check("arguments", doc, arguments, true)
		check("result", doc, result, json.Valid([]byte(doc)))

		text := before + card + after
		fraction := json.Valid([]byte(text)) && strings.ContainsAny(before, ".eE") // all of it is a number, and exact
		if got := check("text", text, result, json.Valid([]byte(text))); !fraction && strings.Contains(bare.Replace(got), bare.Replace(card)) {
			t.Errorf("%q becomes %q", text, got)
		}
		planted, err := json.Marshal(map[string]any{before: []any{text, json.Number(bare.Replace(card))}, "hidden": after + "planted-secret", "a": []string{"planted-secret"}})
		if err != nil {
			t.Fatal(err)
		}
		got := check("planted", string(planted), arguments, true)
		if strings.Contains(bare.Replace(got), bare.Replace(card)) || strings.Contains(got, "planted-secret") && !strings.Contains(before, "planted-secret") {
			t.Errorf("%s becomes %s", planted, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	order := `{"order_id":"A-17","name":"Dana","items":[{"sku":"X-1","price":12.50,"note":"gift"}],"placed":"2026-07-12T10:00:00Z"}`
	for name, in := range map[string]string{"short": order, "64KiB": "[" + strings.Repeat(order+",", 500) + "1]"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				Result(tools.Info{}, in)
			}
		})
	}
}
