package twilio

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
)

// maxBody bounds the body of a webhook, in bytes. Twilio's have a few thousand.
const maxBody = 64 << 10

// SignatureError says that a request does not carry Twilio's signature. Nothing is to
// be done for it; 403 and an empty body is the answer.
type SignatureError struct {
	Missing bool // the header is not there; else it does not match
}

func (e *SignatureError) Error() string {
	if e.Missing {
		return "twilio: signature: no X-Twilio-Signature header"
	}
	return "twilio: signature: does not match: not from Twilio, or the public URL or the auth token is not the one that Twilio knows"
}

// Validator checks that requests come from Twilio, by the algorithm of Twilio's page
// "Security": HMAC-SHA1 under the account's auth token, over the URL as Twilio knows it
// and every field of a form. It may be used by many goroutines at once.
type Validator struct {
	tokens [][]byte
	web    []base // PUBLIC_URL's ways to be written, https or http
	socket []base // the same, wss or ws
	last   atomic.Pointer[Variant]
}

// NewValidator makes a validator for requests that Twilio sends to publicURL: https, or
// http, with a path if a proxy strips one. A signature by any of the tokens is taken, so
// that two can be in force while the token is changed.
func NewValidator(publicURL string, tokens ...string) (*Validator, error) {
	u, err := url.Parse(publicURL)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, errors.New("twilio: signature: the public URL is not an absolute URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("twilio: signature: the public URL's scheme is %q: want https or http", u.Scheme)
	case u.User != nil || strings.ContainsAny(publicURL, "?#"):
		return nil, errors.New("twilio: signature: the public URL must have no user, query or fragment")
	case len(tokens) == 0 || slices.Contains(tokens, ""):
		return nil, errors.New("twilio: signature: no auth token, or an empty one")
	}
	_, rest, _ := strings.Cut(strings.TrimRight(publicURL, "/"), "://")
	path := strings.TrimPrefix(rest, u.Host)
	v := &Validator{web: basesOf(u.Scheme, u.Host, path), socket: basesOf("ws"+strings.TrimPrefix(u.Scheme, "http"), u.Host, path)}
	for _, t := range tokens {
		v.tokens = append(v.tokens, []byte(t))
	}
	v.last.Store(new(Variant))
	return v, nil
}

// Webhook checks a webhook and returns what Twilio says in it: the fields of the form,
// or of the query for a GET or a JSON body. It reads the body, at most 64 KiB, and leaves
// r one that can be read again. The error is a [*SignatureError], or tells why there is
// no body to check.
func (v *Validator) Webhook(r *http.Request) (url.Values, error) {
	signature, err := signatureOf(r)
	if err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		body, err = io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
		if err != nil {
			return nil, fmt.Errorf("twilio: webhook: read the body: %w", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	form, signed, err := signedForm(r.URL, body)
	if err != nil {
		return nil, err
	}
	if err := v.match(v.web, requestURI(r), signed, signature); err != nil {
		return nil, err
	}
	return form, nil
}

// signedForm returns what a webhook says and, of it, what is signed beside the URL.
func signedForm(u *url.URL, body []byte) (form, signed url.Values, err error) {
	query := u.Query()
	switch sum := query.Get("bodySHA256"); {
	case sum != "": // the body is JSON; the URL signs its hash
		hash := sha256.Sum256(body)
		if !hmac.Equal([]byte(strings.ToLower(sum)), []byte(hex.EncodeToString(hash[:]))) {
			return nil, nil, &SignatureError{}
		}
		return query, nil, nil
	case len(body) == 0:
		return query, nil, nil
	}
	form, err = url.ParseQuery(string(body))
	if err != nil {
		return nil, nil, errors.New("twilio: webhook: the body is not a form")
	}
	return form, form, nil
}

// Socket checks the request that opens a Media Streams socket. Twilio signs the ws or
// wss URL, as the TwiML had it, without any field.
func (v *Validator) Socket(r *http.Request) error {
	signature, err := signatureOf(r)
	if err != nil {
		return err
	}
	return v.match(v.socket, requestURI(r), nil, signature)
}

// LastVariant is the way in which Twilio wrote the URL of the newest genuine request. A
// deployment sees one; what is not [Plain] is worth a line in the log.
func (v *Validator) LastVariant() Variant { return *v.last.Load() }

// signatureOf decodes the header. What is not base64 can match nothing.
func signatureOf(r *http.Request) ([]byte, error) {
	header := r.Header.Get("X-Twilio-Signature")
	if header == "" {
		return nil, &SignatureError{Missing: true}
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(header)
	if err != nil {
		return nil, &SignatureError{}
	}
	return signature, nil
}

// match looks for the URL and the token that give the signature.
func (v *Validator) match(bases []base, uri string, form url.Values, signature []byte) error {
	fields := appendFields(nil, form)
	for _, c := range candidates(bases, uri) {
		for _, token := range v.tokens {
			mac := hmac.New(sha1.New, token)
			io.WriteString(mac, c.url)
			mac.Write(fields)
			if hmac.Equal(mac.Sum(nil), signature) {
				v.last.Store(&c.variant)
				return nil
			}
		}
	}
	return &SignatureError{}
}

// appendFields writes a form as it is signed: sorted by name, name and value with
// nothing between, and of a repeated field every distinct value, sorted.
func appendFields(b []byte, form url.Values) []byte {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Sorted(slices.Values(form[name]))
		for _, value := range slices.Compact(values) {
			b = append(b, name...)
			b = append(b, value...)
		}
	}
	return b
}
