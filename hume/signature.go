package hume

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// The headers of a webhook: Unix seconds in decimal, and an HMAC-SHA256 in hex.
const (
	HeaderTimestamp = "X-Hume-AI-Webhook-Timestamp"
	HeaderSignature = "X-Hume-AI-Webhook-Signature"
)

// Tolerance is how far a webhook's timestamp may be from the clock, either way. Hume's
// own examples reject what is older:
// https://github.com/HumeAI/hume-api-examples (evi/evi-python-webhooks, evi/evi-next-js-webhooks).
const Tolerance = 180 * time.Second

// The errors of [Verify].
var (
	ErrNoSignature = errors.New("hume: webhook: missing signature or timestamp")
	ErrSignature   = errors.New("hume: webhook: the signature matches none of the signing keys")
	ErrTimestamp   = errors.New("hume: webhook: the timestamp differs too much from the clock")
)

// Verify checks that one of the keys signed a webhook: the HMAC is over the bytes of the
// body as they came, a dot and the timestamp. Without a key nothing passes. Read the body
// once, with a bound, and parse it only after Verify.
func Verify(keys []string, h http.Header, body []byte, now time.Time) error {
	stamp := h.Get(HeaderTimestamp)
	given, err := hex.DecodeString(h.Get(HeaderSignature))
	if err != nil || stamp == "" || len(given) == 0 {
		return ErrNoSignature
	}
	signed := false
	for _, key := range keys {
		mac := sign(key, body, stamp)
		signed = hmac.Equal(mac, given) && key != "" || signed // an empty key is everybody's
	}
	if !signed {
		return ErrSignature
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance {
		return ErrTimestamp
	}
	return nil
}

// Sign sets the headers of a webhook as Hume does, for tests of whoever takes them.
func Sign(key string, h http.Header, body []byte, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h.Set(HeaderTimestamp, stamp)
	h.Set(HeaderSignature, hex.EncodeToString(sign(key, body, stamp)))
}

func sign(key string, body []byte, stamp string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	mac.Write([]byte("." + stamp))
	return mac.Sum(nil)
}
