package routing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/call"
)

// Question is the body of what is asked, in the form of Standard Webhooks.
type Question struct {
	Type      string    `json:"type"` // call.incoming
	Timestamp time.Time `json:"timestamp"`
	Data      Data      `json:"data"`
}

// Data is what the question is about.
type Data struct {
	CallSID     string `json:"call_sid"`
	From        string `json:"from"`        // the caller as Twilio gives it: E.164, or a word such as anonymous
	Attestation string `json:"attestation"` // how far the carrier vouches for from (StirVerstat); empty for not at all
	To          string `json:"to"`          // the number called
}

// slow says that the time is over.
type slow time.Duration

func (s slow) Error() string        { return fmt.Sprintf("no answer within %s", time.Duration(s)) }
func (s slow) Is(target error) bool { return target == context.DeadlineExceeded }

// Route implements [call.Router].
func (c *Client) Route(ctx context.Context, q call.Question) (call.Route, error) {
	ctx, cancel := context.WithTimeout(ctx, c.endpoint.Timeout)
	defer cancel()
	body, err := c.ask(ctx, q)
	switch {
	case err == nil:
		return read(body)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return call.Route{}, slow(c.endpoint.Timeout)
	}
	return call.Route{}, err
}

// ask sends the question and returns the body of the answer. No error holds the URL,
// which may hold a secret, or anything of the answer.
func (c *Client) ask(ctx context.Context, q call.Question) ([]byte, error) {
	now := time.Now().UTC()
	body, err := json.Marshal(Question{"call.incoming", now, Data{string(q.CallSID), string(q.From), q.Attestation,
		string(q.To)}})
	if err != nil {
		return nil, errors.New("can't encode the request")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("can't send the request")
	}
	id := "ask_" + string(q.CallSID) // the same each time the call is asked about
	signature, err := c.sign(id, now, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set(webhooks.HeaderWebhookID, id)
	r.Header.Set(webhooks.HeaderWebhookTimestamp, fmt.Sprint(now.Unix()))
	r.Header.Set(webhooks.HeaderWebhookSignature, signature)
	res, err := c.http.Do(r)
	var transfer *url.Error
	switch {
	case errors.As(err, &transfer):
		return nil, transfer.Err
	case err != nil:
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: the status is %d", call.ErrBadRoute, res.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, errors.New("the answer was cut off")
	case len(answer) > maxAnswer:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", call.ErrBadRoute, maxAnswer)
	}
	return answer, nil
}

// sign is the signatures by all secrets, as the specification separates them.
func (c *Client) sign(id string, now time.Time, body []byte) (string, error) {
	var all []string
	for _, hook := range c.hooks {
		signature, err := hook.Sign(id, now, body)
		if err != nil {
			return "", errors.New("can't sign the request")
		}
		all = append(all, signature)
	}
	return strings.Join(all, " "), nil
}
