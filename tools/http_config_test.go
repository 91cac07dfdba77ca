package tools

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestHTTPRefuses(t *testing.T) {
	key := make([]byte, 32)
	tests := map[string]struct {
		config HTTPConfig
		want   string
	}{
		"no-url":             {HTTPConfig{}, `url: scheme "" is neither`},
		"broken-url":         {HTTPConfig{URL: "http://" + secret + "\x00"}, "url: not a URL"},
		"file":               {HTTPConfig{URL: "file:///etc/passwd"}, `url: scheme "file" is neither`},
		"no-host":            {HTTPConfig{URL: "http:///x"}, "url: has no host"},
		"password":           {HTTPConfig{URL: "https://u:" + secret + "@example.com"}, "url: must not hold a user or password"},
		"method":             {HTTPConfig{URL: "https://example.com", Method: "post"}, `method: "post" is not one of`},
		"max-response-below": {HTTPConfig{URL: "https://example.com", MaxResponse: -1}, "max response: -1 is not between 1 and 65536 bytes"},
		"max-response-above": {HTTPConfig{URL: "https://example.com", MaxResponse: 65537}, "max response: 65537 is not between"},
		"short-key":          {HTTPConfig{URL: "https://example.com", SigningKey: key[:23]}, "signing key: 23 bytes is not between 24 and 64"},
		"key-for-get":        {HTTPConfig{URL: "https://example.com", Method: "GET", SigningKey: key}, "signing key: GET requests have no body to sign"},
		"timeout":            {HTTPConfig{URL: "https://example.com", Timeout: time.Hour}, "timeout 1h0m0s is not between"},
		"schema":             {HTTPConfig{URL: "https://example.com", Parameters: json.RawMessage(`{"type":"sting"}`)}, "parameters: schema must have type"},
		"header-name":        {HTTPConfig{URL: "https://example.com", Headers: map[string]string{"X Key": secret}}, `headers: "X Key" is not a header name`},
		"header-value":       {HTTPConfig{URL: "https://example.com", Headers: map[string]string{"X-Key": secret + "\n"}}, "headers: the value of X-Key contains a control character"},
		"own-header":         {HTTPConfig{URL: "https://example.com", Headers: map[string]string{"idempotency-key": secret}}, "headers: idempotency-key cannot be set"},
		"repeating-header":   {HTTPConfig{URL: "https://example.com", Headers: map[string]string{"X-Idempotency-Key": secret}}, "headers: X-Idempotency-Key cannot be set"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := HTTP("crm", test.config)
			if err == nil || !strings.HasPrefix(err.Error(), "tools: crm: ") || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error is %v, want %q in it", err, test.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error quotes a secret: %v", err)
			}
		})
	}
}

func TestHTTPReportsEveryProblem(t *testing.T) {
	_, err := HTTP("crm", HTTPConfig{Method: "FETCH", Timeout: -1, MaxResponse: -1, Headers: map[string]string{"Host": "x"}, Parameters: json.RawMessage(`[]`)})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, field := range []string{"url", "method", "timeout", "max response", "headers", "parameters"} {
		if !strings.Contains(err.Error(), "tools: crm: "+field) {
			t.Errorf("%s is missing in:\n%v", field, err)
		}
	}
}
