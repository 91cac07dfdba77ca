package tools

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Headers and key lengths of the Standard Webhooks specification (standardwebhooks.com), for which receivers find a
// library in most languages.
const (
	idHeader        = "Webhook-Id"
	timestampHeader = "Webhook-Timestamp"
	signatureHeader = "Webhook-Signature"

	minSigningKey = 24 // bytes
	maxSigningKey = 64
)

// sign adds the three headers. The signature is an HMAC-SHA256 of id, time in Unix seconds and body, joined by dots.
func sign(header http.Header, key []byte, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, id+"."+timestamp+"."+string(body))
	header.Set(idHeader, id)
	header.Set(timestampHeader, timestamp)
	header.Set(signatureHeader, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
