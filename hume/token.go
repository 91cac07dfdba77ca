package hume

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Bounds of asking for a token.
const (
	tokenWait   = 3 * time.Second
	tokenAnswer = 64 << 10         // bytes
	tokenLife   = 30 * time.Minute // where the answer doesn't say
	tokenSpare  = 5 * time.Minute  // a token is not used in its last minutes
)

// Tokens exchanges an API key and its secret key for access tokens of 30 minutes, which
// the chat takes in place of the key. One token serves all chats until it is nearly over.
// Its methods are safe for use by several goroutines.
type Tokens struct {
	url         string
	key, secret string
	client      *http.Client
	turn        chan struct{} // holds one while its owner reads or writes what follows
	token       string
	until       time.Time // when it has to be replaced
}

// NewTokens makes one for the host at an address, http(s) or ws(s).
func NewTokens(url, apiKey, secretKey string) *Tokens {
	if rest, ok := strings.CutPrefix(url, "ws"); ok {
		url = "http" + rest // ws → http, wss → https
	}
	return &Tokens{url: strings.TrimRight(url, "/") + "/oauth2-cc/token", key: apiKey, secret: secretKey,
		turn: make(chan struct{}, 1),
		client: &http.Client{Timeout: tokenWait,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// TokenError says that the host gave no token. Its text holds neither key.
type TokenError struct {
	Status int // of HTTP; 0 if there was no answer
	Err    error
}

func (e *TokenError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("hume: access token: the server returned status %d %s", e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("hume: access token: %v", e.Err)
}

func (e *TokenError) Unwrap() error { return e.Err }

// Fatal tells that asking again can't help: the keys are not accepted, or the host does
// not know the request.
func (e *TokenError) Fatal() bool {
	return e.Status >= 300 && e.Status < 500 && e.Status != http.StatusRequestTimeout &&
		e.Status != http.StatusTooManyRequests
}

// Token returns a token that is good for five minutes more. Whoever comes while one is
// being asked for waits for it, at most until ctx ends. The error is a *TokenError.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", &TokenError{Err: ctx.Err()}
	}
	if time.Now().Before(t.until) {
		return t.token, nil
	}
	token, life, err := t.ask(ctx)
	if err != nil {
		return "", err
	}
	t.token, t.until = token, time.Now().Add(max(life-tokenSpare, life/2))
	return token, nil
}

// Refused reports that the host did not accept a token: it is not given out again.
func (t *Tokens) Refused(token string) {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	if t.token == token {
		t.until = time.Time{}
	}
}

// ask makes the exchange, an OAuth 2.0 client credentials grant (RFC 6749, section 4.4).
func (t *Tokens) ask(ctx context.Context) (string, time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return "", 0, &TokenError{Err: errors.New("can't send the request")}
	}
	r.SetBasicAuth(t.key, t.secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := t.client.Do(r)
	if err != nil {
		return "", 0, &TokenError{Err: err}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", 0, &TokenError{Status: res.StatusCode}
	}
	var answer struct {
		Token   string  `json:"access_token"`
		Seconds float64 `json:"expires_in"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, tokenAnswer)).Decode(&answer); err != nil || answer.Token == "" {
		return "", 0, &TokenError{Err: errors.New("the answer has no access_token")}
	}
	life := tokenLife
	if answer.Seconds >= 1 && answer.Seconds < tokenLife.Seconds() {
		life = time.Duration(answer.Seconds * float64(time.Second))
	}
	return answer.Token, life, nil
}
