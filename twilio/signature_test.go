package twilio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/patchcord/patchcord/twilio/twiliotest"
	"github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"
)

const authToken = "12345"

// vector is the request that Twilio's own libraries are tested with.
var vector = struct {
	public, uri, signature string
	form                   url.Values
}{
	"https://mycompany.com", "/myapp.php?foo=1&bar=2", "vOEb5UThFn24KEfnOFLQY2AE5FY=", url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"},
		"To": {"+18005551212"}, "Reason": {"Participant"}, "ReasonConferenceEnded": {"test"},
	},
}

func validator(t testing.TB, public string, tokens ...string) *Validator {
	t.Helper()
	v, err := NewValidator(public, tokens...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// request is what arrives behind a proxy: plain HTTP, to another host.
func request(method, uri, body, signature string) *http.Request {
	r := httptest.NewRequest(method, "http://10.0.0.7:8080/", strings.NewReader(body))
	r.RequestURI = uri
	if u, err := url.ParseRequestURI(uri); err == nil {
		r.URL = u
	}
	if signature != "" {
		r.Header.Set("X-Twilio-Signature", signature)
	}
	return r
}

func refused(err error, missing bool) bool {
	var e *SignatureError
	return errors.As(err, &e) && e.Missing == missing
}

func TestWebhookVector(t *testing.T) {
	v := validator(t, vector.public, authToken)
	r := request("POST", vector.uri, vector.form.Encode(), vector.signature)
	form, err := v.Webhook(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(vector.form, form); diff != "" {
		t.Error(diff)
	}
	if body, err := io.ReadAll(r.Body); err != nil || string(body) != vector.form.Encode() {
		t.Errorf("the body is left as %q, %v", body, err)
	}
}

func TestWebhookRefuses(t *testing.T) {
	body := vector.form.Encode()
	for name, tt := range map[string]struct {
		r       *http.Request
		missing bool
	}{
		"no header":       {request("POST", vector.uri, body, ""), true},
		"not base64":      {request("POST", vector.uri, body, "not*base64*at*all"), false},
		"other signature": {request("POST", vector.uri, body, "vOEb5UThFn24KEfnOFLQY2AE5FZ="), false},
		"shorter":         {request("POST", vector.uri, body, "vOEb"), false},
		"other path":      {request("POST", "/other.php?foo=1&bar=2", body, vector.signature), false},
		"query in order":  {request("POST", "/myapp.php?bar=2&foo=1", body, vector.signature), false},
		"one field more":  {request("POST", vector.uri, body+"&X=", vector.signature), false},
		"another value":   {request("POST", vector.uri, strings.Replace(body, "1234", "1235", 1), vector.signature), false},
		"no body":         {request("POST", vector.uri, "", vector.signature), false},
		"GET":             {request("GET", vector.uri, "", vector.signature), false},
	} {
		form, err := validator(t, vector.public, authToken, "6789").Webhook(tt.r)
		if !refused(err, tt.missing) || form != nil || strings.Contains(err.Error(), authToken) {
			t.Errorf("%s: %v, %v", name, form, err)
		}
	}
	good := request("POST", vector.uri, body, vector.signature)
	if _, err := validator(t, vector.public, "6789").Webhook(good); !refused(err, false) {
		t.Errorf("another token: %v", err)
	}
	good = request("POST", vector.uri, body, vector.signature)
	if _, err := validator(t, "https://yourcompany.com", authToken).Webhook(good); !refused(err, false) {
		t.Errorf("another host: %v", err)
	}
}

func TestWebhookBody(t *testing.T) {
	v := validator(t, vector.public, authToken)
	big := request("POST", vector.uri, "a="+strings.Repeat("x", maxBody), vector.signature)
	var tooBig *http.MaxBytesError
	if _, err := v.Webhook(big); !errors.As(err, &tooBig) {
		t.Errorf("more than 64 KiB: %v", err)
	}
	if _, err := v.Webhook(request("POST", vector.uri, "a=%zz", vector.signature)); err == nil {
		t.Error("a body that is no form is taken")
	}

	json := `{"a":[1]}`
	hash := sha256.Sum256([]byte(json))
	uri := "/hook?x=1&bodySHA256=" + hex.EncodeToString(hash[:])
	signature := twiliotest.Sign(authToken, vector.public+uri, nil)
	r := request("POST", uri, json, signature)
	form, err := v.Webhook(r)
	if err != nil || form.Get("x") != "1" {
		t.Errorf("a JSON body: %v, %v", form, err)
	}
	if left, err := io.ReadAll(r.Body); err != nil || string(left) != json {
		t.Errorf("the body is left as %q, %v", left, err)
	}
	if _, err := v.Webhook(request("POST", uri, json+" ", signature)); !refused(err, false) {
		t.Errorf("another JSON body: %v", err)
	}

	uri = "/hook?CallSid=CA1&From=%2B14155550142"
	form, err = v.Webhook(request("GET", uri, "", twiliotest.Sign(authToken, vector.public+uri, nil)))
	if err != nil || form.Get("From") != "+14155550142" {
		t.Errorf("GET: %v, %v", form, err)
	}
}

// Every way in which Twilio has been seen to write the URL is taken, of webhooks and of
// sockets.
func TestVariants(t *testing.T) {
	for _, tt := range []struct {
		public, uri, signed string
		want                Variant
	}{
		{"https://h.example", "/a", "https://h.example/a", Plain},
		{"https://h.example/", "/a", "https://h.example/a", Plain},
		{"HTTPS://h.example", "/a", "https://h.example/a", Plain},
		{"https://h.example", "/a", "https://h.example:443/a", OtherPort},
		{"https://h.example:443", "/a", "https://h.example:443/a", Plain},
		{"https://h.example:443", "/a", "https://h.example/a", OtherPort},
		{"https://h.example", "/a", "https://h.example/a/", OtherSlash},
		{"https://h.example", "/a/", "https://h.example/a", OtherSlash},
		{"https://h.example", "/a?b=/c", "https://h.example:443/a/?b=/c", OtherPortEnd},
		{"https://h.example", "/a%2Fb?c=%20d", "https://h.example/a%2Fb?c=%20d", Plain},
		{"https://h.example:8443", "/a", "https://h.example:8443/a", Plain},
		{"https://h.example/pre", "/a", "https://h.example/pre/a", Plain},
		{"https://h.example/pre/", "/a", "https://h.example:443/pre/a/", OtherPortEnd},
		{"http://127.0.0.1", "/a", "http://127.0.0.1:80/a", OtherPort},
		{"http://127.0.0.1:80", "/a", "http://127.0.0.1/a", OtherPort},
		{"http://[::1]:8080", "/a", "http://[::1]:8080/a", Plain},
		{"http://[::1]", "/a", "http://[::1]:80/a", OtherPort},
		{"https://h.example", "/", "https://h.example", OtherSlash},
	} {
		v := validator(t, tt.public, "other", authToken)
		if _, err := v.Webhook(request("POST", tt.uri, "a=1", twiliotest.Sign(authToken, tt.signed, url.Values{"a": {"1"}}))); err != nil || v.LastVariant() != tt.want {
			t.Errorf("webhook: public %s, signed %s: %v, variant %q", tt.public, tt.signed, err, v.LastVariant())
		}
		v = validator(t, tt.public, authToken)
		socket := "ws" + strings.TrimPrefix(tt.signed, "http")
		if err := v.Socket(request("GET", tt.uri, "", twiliotest.Sign(authToken, socket, nil))); err != nil || v.LastVariant() != tt.want {
			t.Errorf("socket: public %s, signed %s: %v, variant %q", tt.public, socket, err, v.LastVariant())
		}
		if err := v.Socket(request("GET", tt.uri, "", twiliotest.Sign(authToken, tt.signed, nil))); !refused(err, false) {
			t.Errorf("socket: signed %s: %v", tt.signed, err)
		}
	}
	v := validator(t, "https://h.example", authToken)
	for _, signed := range []string{
		"http://h.example/a", "https://h.example:80/a", "https://h.example:8443/a", "https://h.example/a//",
		"https://h.example/pre/a", "https://h.example/A", "https://H.example/a", "wss://h.example/a",
	} {
		if _, err := v.Webhook(request("GET", "/a", "", twiliotest.Sign(authToken, signed, nil))); !refused(err, false) {
			t.Errorf("signed %s: %v", signed, err)
		}
	}
	if err := v.Socket(request("GET", "/a", "", "")); !refused(err, true) {
		t.Errorf("socket without a signature: %v", err)
	}
}

func TestRequestURIInOtherForms(t *testing.T) {
	v := validator(t, "https://h.example", authToken)
	for _, uri := range []string{"", "http://10.0.0.7:8080/a?b=1"} {
		r := request("GET", "/a?b=1", "", twiliotest.Sign(authToken, "https://h.example/a?b=1", nil))
		r.RequestURI = uri
		if _, err := v.Webhook(r); err != nil {
			t.Errorf("request line with %q: %v", uri, err)
		}
	}
}

func TestNewValidatorRefuses(t *testing.T) {
	for _, tt := range []struct {
		public string
		tokens []string
	}{
		{"https://h.example", nil}, {"https://h.example", []string{authToken, ""}},
		{"h.example", []string{authToken}}, {"wss://h.example", []string{authToken}}, {"https://", []string{authToken}},
		{"https://u:p@h.example", []string{authToken}}, {"https://h.example/?a", []string{authToken}}, {"https://h.example#a", []string{authToken}},
	} {
		if v, err := NewValidator(tt.public, tt.tokens...); err == nil {
			t.Errorf("%s, %q: %+v", tt.public, tt.tokens, v)
		} else if strings.Contains(err.Error(), "u:p") || strings.Contains(err.Error(), authToken) {
			t.Errorf("a secret is in the error: %v", err)
		}
	}
}

// drawForm is any form, with fields that repeat.
func drawForm(t *rapid.T, label string) url.Values {
	name := rapid.StringMatching(`[A-Za-z]{1,3}`)
	return url.Values(rapid.MapOf(name, rapid.SliceOfN(rapid.String(), 1, 3)).Draw(t, label))
}

// Any form that Twilio signs is accepted as it is, and no other form with its signature.
func TestFormsAreWhatWasSigned(t *testing.T) {
	v := validator(t, "https://h.example", authToken)
	rapid.Check(t, func(t *rapid.T) {
		form, other := drawForm(t, "form"), drawForm(t, "other")
		signature := twiliotest.Sign(authToken, "https://h.example/a", form)
		got, err := v.Webhook(request("POST", "/a", form.Encode(), signature))
		if err != nil || !cmp.Equal(got, form) {
			t.Fatalf("%v: %v, %v", form, got, err)
		}
		got, err = v.Webhook(request("POST", "/a", other.Encode(), signature))
		// To Twilio's algorithm, forms that read alike without separators are the same.
		if same := bytes.Equal(appendFields(nil, form), appendFields(nil, other)); (err == nil) != same {
			t.Fatalf("%v with the signature of %v: %v, %v", other, form, got, err)
		}
	})
}

// On forms without repeated fields, which twilio-go does not know, we agree with it.
func TestLikeTwilioGo(t *testing.T) {
	theirs := client.NewRequestValidator(authToken)
	v := validator(t, "https://h.example", authToken)
	rapid.Check(t, func(t *rapid.T) {
		form := drawForm(t, "form")
		for name, values := range form {
			form[name] = values[:1]
		}
		uri := rapid.StringMatching(`/[a-z0-9]{0,8}(%2[0-9A-F])?(\?[a-z]=[a-z0-9+]{0,5})?`).Draw(t, "uri")
		signed := rapid.SampledFrom([]string{"https://h.example", "https://h.example:443", "http://h.example", "https://h.example:8443"}).Draw(t, "signed")
		signature := twiliotest.Sign(authToken, signed+uri, form)
		want := theirs.ValidateBody("https://h.example"+uri, []byte(form.Encode()), signature)
		if _, err := v.Webhook(request("POST", uri, form.Encode(), signature)); (err == nil) != want {
			t.Fatalf("%s signed as %s: ours %v, twilio-go's %v", uri, signed, err, want)
		}
	})
}

// FuzzWebhook: whatever comes is refused without a signature by our token, and what
// passes is what was signed.
func FuzzWebhook(f *testing.F) {
	f.Add("POST", vector.uri, vector.form.Encode(), vector.signature)
	f.Add("GET", "/a?b=c", "", "")
	f.Add("POST", "/a?bodySHA256=00", "{}", "AAAA")
	f.Add("POST", "//a/?;", "a=%zz&b;c", "*")
	f.Add("", "", "a", "=")
	f.Fuzz(func(t *testing.T, method, uri, body, signature string) {
		v := validator(t, vector.public, authToken)
		make := func(signature string) *http.Request {
			r := &http.Request{Method: method, RequestURI: uri, URL: &url.URL{Path: uri}, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
			if u, err := url.ParseRequestURI(uri); err == nil {
				r.URL = u
			}
			r.Header.Set("X-Twilio-Signature", signature)
			return r
		}
		form, err := v.Webhook(make(signature))
		if (err == nil) == (form == nil) {
			t.Errorf("form %v with error %v", form, err)
		}
		if err == nil && signature != vector.signature {
			t.Errorf("%q passes", signature)
		}
		// Signed for another token, it never passes.
		values, _ := url.ParseQuery(body)
		if form, err := v.Webhook(make(twiliotest.Sign("another", vector.public+uri, values))); err == nil {
			t.Errorf("another token's signature passes: %v", form)
		}
	})
}
