package builtin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// TakeMessage writes down what the caller wants passed on.
const TakeMessage = "take_message"

// Bounds of a message, in bytes.
const (
	maxMessage     = 2000
	maxMessageName = 200
)

// messageWait bounds the time until a message is sure to outlive this process.
const messageWait = 3 * time.Second

type messageIn struct {
	Message        string `json:"message" jsonschema:"What is to be passed on, in the caller's words, at most 2000 bytes."`
	From           string `json:"from,omitempty" jsonschema:"The caller's name, if they said it."`
	CallbackNumber string `json:"callback_number,omitempty" jsonschema:"Where the caller wants to be reached, with the area code, if they said it; such as +14155550123."`
	For            string `json:"for,omitempty" jsonschema:"Who the message is for, if it is for somebody in particular."`
	Urgent         bool   `json:"urgent,omitempty" jsonschema:"True if the caller says that it can't wait."`
}

var messageForm = form[messageIn](TakeMessage,
	"Takes a message for the people behind you. A person reads it later, not now: don't promise when. "+
		"Tell the caller that it is noted only when this has answered so.")

// noted is what is written down beside the text.
type noted struct {
	From           string `json:"from,omitempty"`
	CallbackNumber string `json:"callback_number,omitempty"`
	For            string `json:"for,omitempty"`
	Urgent         bool   `json:"urgent,omitempty"`
	Recording      int    `json:"recording,omitempty"` // of a spoken one: which of the call's, from 1
}

// check is the message as it is written down. The error names the field and quotes nothing.
func (in messageIn) check() (text string, m noted, err error) {
	text = strings.TrimSpace(in.Message)
	m = noted{From: strings.TrimSpace(in.From), For: strings.TrimSpace(in.For), Urgent: in.Urgent}
	switch {
	case text == "":
		return "", m, errors.New("message: it is empty")
	case len(text) > maxMessage || !utf8.ValidString(text):
		return "", m, fmt.Errorf("message: want at most %d bytes", maxMessage)
	case len(m.From) > maxMessageName:
		return "", m, fmt.Errorf("from: want at most %d bytes", maxMessageName)
	case len(m.For) > maxMessageName:
		return "", m, fmt.Errorf("for: want at most %d bytes", maxMessageName)
	}
	if in.CallbackNumber != "" {
		n, err := spokenNumber(in.CallbackNumber)
		if err != nil {
			return "", m, errors.New(
				"callback_number: not a telephone number; want all digits with the area code, such as +14155550123")
		}
		m.CallbackNumber = n.E164()
	}
	return text, m, nil
}

const sayNotKept = "The message could not be written down. " +
	"Say so, and ask the caller to try again later or by another way."

var errNotKept = errors.New("the call log did not accept the message")

// takeMessage writes a message into the call's log, as a note of its own, and says so when it is stored, or on disk.
func takeMessage(s *State, c Controls, t Invocation, in messageIn, now time.Time) {
	text, m, err := in.check()
	if err != nil {
		c.Refuse(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %w", errArguments, err), now)
		return
	}
	ulaw := c.SpokenMessage()
	if ulaw == nil {
		noteMessage(c, t, text, m, now)
		return
	}
	s.messages++
	m.Recording = s.messages
	archive := c.Archive()
	c.Background(messageWait, func(context.Context) Then {
		err := archive.SaveMessage(m.Recording, ulaw)
		return func(c Controls, now time.Time) {
			if err != nil {
				c.Refuse(t, sayNotKept, fmt.Errorf("%w: %w", errNotKept, err), now)
				return
			}
			noteMessage(c, t, text, m, now)
		}
	})
}

// noteMessage writes a message down.
func noteMessage(c Controls, t Invocation, text string, m noted, now time.Time) {
	if !c.Log(m.entry(redact.Result(tools.Info{}, text)), now) {
		c.Refuse(t, sayNotKept, errNotKept, now)
		return
	}
	archive := c.Archive()
	c.Background(messageWait, func(ctx context.Context) Then {
		err := archive.Secure(ctx)
		return func(c Controls, now time.Time) {
			if err != nil {
				c.Refuse(t, sayNotKept, fmt.Errorf("%w: %w", errNotKept, err), now)
				return
			}
			c.Answer(t, "The message is noted. A person will read it.", now)
		}
	})
}

// entry is the line of a message in the call's log.
func (m noted) entry(text string) calllog.Entry {
	about, err := json.Marshal(m)
	if err != nil {
		panic("internal error: builtin: " + err.Error())
	}
	return calllog.Entry{Kind: calllog.KindNote, Name: TakeMessage, Text: text, Arguments: about}
}

// Noted counts a message that was spoken: the next one has another number, and another file. Other notes it ignores.
func (h *History) Noted(e calllog.Entry) {
	var m noted
	if e.Name == TakeMessage && json.Unmarshal(e.Arguments, &m) == nil {
		h.messages = max(h.messages, m.Recording)
	}
}

// HangUp keeps a spoken message that the caller ended by hanging up. The error is of its file: then nothing is kept.
func (s *State) HangUp(c Controls, now time.Time) error {
	ulaw := c.SpokenMessage()
	if ulaw == nil {
		return nil
	}
	s.messages++
	if err := c.Archive().SaveMessage(s.messages, ulaw); err != nil {
		return err
	}
	c.Log(noted{Recording: s.messages}.entry("A spoken message, ended by hanging up."), now)
	return nil
}
