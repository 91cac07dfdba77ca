package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/server"
)

// post sends v as JSON and reads the answer into out, if its status is one that is wanted.
func (s service) post(ctx context.Context, path string, v, out any, wanted ...int) (status int, err error) {
	body, err := json.Marshal(v)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && !slices.Contains(wanted, res.StatusCode) {
		err = fmt.Errorf("it answered %d: %.500s", res.StatusCode, answer)
	}
	if err == nil {
		err = json.Unmarshal(answer, out)
	}
	if err != nil {
		return res.StatusCode, fmt.Errorf("POST %s: %w", path, err)
	}
	return res.StatusCode, nil
}

// record writes events into the ledger.
func (s service) record(ctx context.Context, events ...event) error {
	_, err := s.post(ctx, "/v1/consent/events", events, new(any), http.StatusCreated)
	return err
}

// asked is what the service answered to the wish for a call.
type asked struct {
	Status   int
	Took     time.Duration // the whole question and answer
	Call     calllog.Call
	Decision consent.Decision
}

// place asks for a call. Whatever the gate says of it is no error.
func (s service) place(ctx context.Context, order event) (a asked, err error) {
	began := time.Now()
	a.Status, err = s.post(ctx, "/v1/calls", order, &a, http.StatusAccepted, http.StatusForbidden, http.StatusConflict)
	a.Took = time.Since(began)
	return a, err
}

// history is all that the ledger has of a number, the oldest first.
func (s service) history(ctx context.Context, number string) ([]consent.Fact, error) {
	var known struct{ Events []json.RawMessage }
	if err := s.getJSON(ctx, "/v1/consent/"+url.PathEscape(number), &known); err != nil {
		return nil, err
	}
	facts := make([]consent.Fact, len(known.Events))
	for i, raw := range known.Events {
		var err error
		if facts[i], err = consent.Decode(raw); err != nil {
			return nil, err
		}
	}
	return facts, nil
}

// verify has the ledger's chain computed again.
func (s service) verify(ctx context.Context) (v proof.VerifyResult, err error) {
	err = s.getJSON(ctx, "/v1/consent/verify", &v)
	return v, err
}

// remind sets a reminder.
func (s service) remind(ctx context.Context, order event, due time.Time) (id string, err error) {
	var r server.Reminder
	_, err = s.post(ctx, "/v1/reminders", order.with(event{"due_at": due.UTC()}), &r, http.StatusCreated)
	return r.ID, err
}

// awaitReminder waits until a reminder is done with.
func (s service) awaitReminder(ctx context.Context, id string) (r server.Reminder, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, doneWithin, fmt.Errorf("the reminder was not done within %v", doneWithin))
	defer cancel()
	for {
		if err = s.getJSON(ctx, "/v1/reminders/"+url.PathEscape(id), &r); err != nil {
			return r, err
		}
		if !r.Status.Live() {
			return r, nil
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return r, err
		}
	}
}
