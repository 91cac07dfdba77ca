package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
)

// questions asks on a terminal, or takes what is absent where there is none.
type questions struct {
	in     *bufio.Reader
	asking bool // there is a terminal
	force  bool // files are replaced without asking
}

// question is one thing to know.
type question struct {
	given    string // by a flag
	variable string // of the environment, that may have it
	text     string
	absent   string // what an empty answer means
	secret   bool   // not echoed
	check    func(string) error
}

// ask finds an answer that passes the check. One that was given and doesn't pass is an error;
// on the terminal it is asked for again.
func (q *questions) ask(of question) (string, error) {
	if of.check == nil {
		of.check = func(string) error { return nil }
	}
	given := of.given
	if given == "" && of.variable != "" {
		given = os.Getenv(of.variable)
	}
	if given != "" || !q.asking {
		given = cmp.Or(given, of.absent)
		if err := of.check(given); err != nil {
			return "", &exitError{exitUsage, of.text + ": " + err.Error()}
		}
		return given, nil
	}
	for {
		prompt := of.text
		if of.absent != "" {
			prompt += " [" + of.absent + "]"
		}
		answer, err := q.line(prompt+": ", of.secret)
		if err != nil {
			return "", &exitError{exitUsage, "nothing was written: the input ended before all questions were answered"}
		}
		answer = cmp.Or(answer, of.absent)
		if err = of.check(answer); err == nil {
			return answer, nil
		}
		plain.Fprintf(os.Stderr, "  %s\n", err.Error())
	}
}

// line reads one answer; a secret without echo. The echo is off before the question is on the
// screen, so that who answers at once is not seen either.
func (q *questions) line(prompt string, secret bool) (string, error) {
	if secret {
		return q.secret(prompt)
	}
	plain.Fprintf(os.Stderr, "%s", prompt)
	text, err := q.in.ReadString('\n')
	if errors.Is(err, io.EOF) && text != "" {
		err = nil
	}
	return strings.TrimSpace(text), err
}

func (q *questions) secret(prompt string) (string, error) {
	state, err := term.MakeRaw(int(os.Stdin.Fd()))
	if err != nil {
		return "", err
	}
	plain.Fprintf(os.Stderr, "%s", prompt)
	text, err := term.NewTerminal(bytewise{q.in, io.Discard}, "").ReadPassword("")
	if restored := term.Restore(int(os.Stdin.Fd()), state); err == nil {
		err = restored
	}
	plain.Fprintln(os.Stderr)
	return strings.TrimSpace(text), err
}

// bytewise leaves what was typed after a line to who reads next.
type bytewise struct {
	io.Reader
	io.Writer
}

// Read reads one byte.
func (b bytewise) Read(p []byte) (int, error) { return b.Reader.Read(p[:min(1, len(p))]) }

// mayReplace asks whether a file that is there may be replaced.
func (q *questions) mayReplace(name string) error {
	if q.force {
		return nil
	}
	if !q.asking {
		return &exitError{exitUsage, name + " already exists: nothing was written; use --force to replace it (keeps a backup beside it)"}
	}
	if answer, _ := q.line(name+" already exists. Replace it and keep a backup beside it? [y/N]: ", false); strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes") {
		return nil
	}
	return &exitError{exitUsage, "nothing was written"}
}

func checkSellerName(s string) error {
	if consent.LegalEntity(s) == "" || len(s) > 200 {
		return errors.New("want the business's legal name, at most 200 bytes (--seller)")
	}
	return nil
}

func checkOwnNumber(s string) error {
	if _, err := parseNumber(s); err != nil {
		return fmt.Errorf("want a telephone number such as +12125550142 (--number): %w", err)
	}
	return nil
}

func checkVoiceName(s string) error {
	if !slices.Contains(config.Voices, s) {
		return errors.New("want realtime, evi or desk (--voice)")
	}
	return nil
}

func checkDatabaseURL(s string) error {
	if s != "" && !strings.HasPrefix(s, "postgres://") && !strings.HasPrefix(s, "postgresql://") {
		return errors.New("want postgres://… (--database)")
	}
	return nil
}

var accountSID = regexp.MustCompile(`^AC[0-9a-f]{32}$`)

func checkAccount(s string) error {
	if !accountSID.MatchString(s) {
		return errors.New("want AC and 32 hexadecimal digits, as the Twilio console shows it (--account)")
	}
	return nil
}

func emptyOr(check func(string) error) func(string) error {
	return func(s string) error {
		if s == "" {
			return nil
		}
		return check(s)
	}
}
