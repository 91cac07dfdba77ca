package tools

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// The vector that the libraries of the Standard Webhooks project are tested with.
func TestSignMatchesTheSpecification(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	sign(header, key, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got, want := header.Get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature is %s, want %s", got, want)
	}
	if header.Get("webhook-id") != "msg_p5jXN8AQM9LWM0D4loKWxJek" || header.Get("webhook-timestamp") != "1614265330" {
		t.Errorf("headers are %v", header)
	}
}

// A receiver can check the signature from what arrives.
func TestHTTPSigns(t *testing.T) {
	key := []byte("a key of thirty-two bytes, no more")
	url, _ := back(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seconds, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > time.Minute {
			t.Errorf("timestamp is %q", r.Header.Get("webhook-timestamp"))
		}
		again := http.Header{}
		sign(again, key, r.Header.Get("webhook-id"), time.Unix(seconds, 0), body)
		io.WriteString(w, r.Header.Get("webhook-id"))
		if got, want := r.Header.Get("webhook-signature"), again.Get("webhook-signature"); got != want {
			t.Errorf("signature is %s, want %s", got, want)
		}
	})
	if answer := callHTTP(t, HTTPConfig{URL: url, SigningKey: key}); answer.Content != "CA1-call_1" {
		t.Errorf("answer is %+v, want the call's key as the webhook's id", answer)
	}
}
