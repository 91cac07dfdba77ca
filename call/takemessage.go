package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// ToolTakeMessage writes down what the caller wants passed on.
const ToolTakeMessage = "take_message"

// Bounds of a message, in bytes.
const (
	messageMost     = 2000
	messageNameMost = 200
)

// messageWait bounds the time until a message is sure to outlive this process.
const messageWait = 3 * time.Second

type messageIn struct {
	Message        string `json:"message" jsonschema:"What is to be passed on, in the caller's words, at most 2000 bytes."`
	From           string `json:"from,omitempty" jsonschema:"The caller's name, if they said it."`
	CallbackNumber string `json:"callback_number,omitempty" jsonschema:"Where the caller wants to be reached, with the area code, if they said it; such as +14155550123."`
	For            string `json:"for,omitempty" jsonschema:"Whom the message is for, if it is for somebody in particular."`
	Urgent         bool   `json:"urgent,omitempty" jsonschema:"True if the caller says that it cannot wait."`
}

var messageForm = form[messageIn](ToolTakeMessage,
	"Takes a message for the people behind you. It is read by a person later, not now: do not promise when. Tell the caller that it is noted only when this has answered so.")

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
	case len(text) > messageMost || !utf8.ValidString(text):
		return "", m, fmt.Errorf("message: want at most %d bytes", messageMost)
	case len(m.From) > messageNameMost:
		return "", m, fmt.Errorf("from: want at most %d bytes", messageNameMost)
	case len(m.For) > messageNameMost:
		return "", m, fmt.Errorf("for: want at most %d bytes", messageNameMost)
	}
	if in.CallbackNumber != "" {
		n, err := spokenNumber(in.CallbackNumber)
		if err != nil {
			return "", m, errors.New("callback_number: not a telephone number; want all digits with the area code, such as +14155550123")
		}
		m.CallbackNumber = n.E164()
	}
	return text, m, nil
}

// spokenNumber reads a number as people say it and agents write it: with marks between the digits,
// and without a country code for one of North America.
func spokenNumber(s string) (phone.Number, error) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/\u00a0\u2010\u2011", r) {
			return -1
		}
		return r
	}, s)
	switch {
	case strings.HasPrefix(s, "+"):
	case len(s) == 10:
		s = "+1" + s
	case len(s) == 11 && s[0] == '1':
		s = "+" + s
	}
	n, err := phone.Parse(s)
	if err == nil && strings.HasPrefix(s, "+1") && (len(s) != len("+14155550123") || s[2] < '2' || s[5] < '2') {
		err = phone.ErrNotE164
	}
	return n, err
}

var errNotKept = errors.New("the call log did not accept the message")

// takeMessage writes a message into the call's log, as a note of its own, and says so when it is
// stored, or on disk.
func (c *Call) takeMessage(t builtin.Invocation, in messageIn, now time.Time) {
	text, m, err := in.check()
	if err != nil {
		c.refused(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %w", errArguments, err), now)
		return
	}
	ulaw := c.spokenMessage()
	if ulaw == nil {
		c.noteMessage(t, text, m, now)
		return
	}
	c.messages++
	m.Recording = c.messages
	folder, id := c.recordings, c.journal.head.ID
	c.aside(messageWait, func(context.Context) func(*Call, time.Time) {
		err := folder.SaveMessage(id, m.Recording, ulaw)
		return func(c *Call, now time.Time) {
			if err != nil {
				c.refused(t, sayNotKept, fmt.Errorf("%w: %w", errNotKept, err), now)
				return
			}
			c.noteMessage(t, text, m, now)
		}
	})
}

// noteMessage writes a message down.
func (c *Call) noteMessage(t builtin.Invocation, text string, m noted, now time.Time) {
	about, err := json.Marshal(m)
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	_, taken := c.journal.keep(calllog.Entry{Kind: calllog.KindNote, Name: ToolTakeMessage, Text: redact.Result(tools.Info{}, text), Arguments: about}, now)
	if !taken {
		c.refused(t, sayNotKept, errNotKept, now)
		return
	}
	out := c.journal.out
	c.aside(messageWait, func(ctx context.Context) func(*Call, time.Time) {
		err := out.Secure(ctx)
		return func(c *Call, now time.Time) {
			if err != nil {
				c.refused(t, sayNotKept, fmt.Errorf("%w: %w", errNotKept, err), now)
				return
			}
			c.answered(t, "The message is noted. A person will read it.", now)
		}
	})
}

const sayNotKept = "The message could not be written down. Say so, and ask the caller to try again later or by another way."
