package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SessionError is something of a Session that a voice can't be given.
type SessionError struct {
	Field   string // variables, tools or prompt_file
	Problem string // with the bound; it quotes no value
}

func (e *SessionError) Error() string { return e.Field + ": " + e.Problem }

// Bounds of a session, in pieces and bytes. They keep a session's first message within what
// servers of both wires take: OpenAI's models have room for 28,224 tokens of input, some 110 KiB,
// and take 128 tools.
const (
	sessionVariables = 100
	variablesBytes   = 64 << 10 // names and values together
	promptBytes      = 64 << 10 // once its variables are filled in
	sessionTools     = 128
	toolBytes        = 32 << 10 // of one: name, description, schema, failure
	toolsBytes       = 128 << 10
)

// toolForm is a tool's name, as the registry and MCP servers have them.
var toolForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,128}$`)

// checkSession is what is wrong with a session, or nil; prompt is the voice's, as it goes over
// the wire.
func checkSession(s Session, prompt string) error {
	if err := checkVariables(s.Variables); err != nil {
		return err
	}
	switch n := len(prompt); {
	case n > promptBytes:
		return &SessionError{"prompt_file", fmt.Sprintf("has %d bytes with its variables: want at most %d", n, promptBytes)}
	case !utf8.ValidString(prompt):
		return &SessionError{"prompt_file", "is not UTF-8"}
	case strings.ContainsFunc(prompt, unfit):
		return &SessionError{"prompt_file", "has a control character"}
	}
	return checkTools(s.Tools)
}

// unfit tells whether a character has no place in a text for a model.
func unfit(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

func checkVariables(all map[string]string) error {
	if n := len(all); n > sessionVariables {
		return &SessionError{"variables", fmt.Sprintf("are %d: want at most %d", n, sessionVariables)}
	}
	sum := 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := CheckVariable(name, all[name]); err != nil {
			return &SessionError{"variables", "include one that no voice accepts: " + err.Error()}
		}
		sum += len(name) + len(all[name])
	}
	if sum > variablesBytes {
		return &SessionError{"variables", fmt.Sprintf("have %d bytes together: want at most %d", sum, variablesBytes)}
	}
	return nil
}

func checkTools(list []Tool) error {
	if n := len(list); n > sessionTools {
		return &SessionError{"tools", fmt.Sprintf("are %d: want at most %d", n, sessionTools)}
	}
	names, sum := map[string]bool{}, 0
	for _, t := range list {
		n := len(t.Name) + len(t.Description) + len(t.Schema) + len(t.Failure)
		wrong := func(format string, args ...any) error {
			return &SessionError{"tools", t.Name + " " + fmt.Sprintf(format, args...)}
		}
		switch sum += n; {
		case !toolForm.MatchString(t.Name):
			return &SessionError{"tools", "have a name that isn't 1 to 128 letters, digits, _, . and -"}
		case names[t.Name]:
			return wrong("is a duplicate")
		case n > toolBytes:
			return wrong("has %d bytes with its schema: want at most %d", n, toolBytes)
		case len(t.Schema) > 0 && !(json.Valid(t.Schema) && bytes.HasPrefix(bytes.TrimSpace(t.Schema), []byte("{"))):
			return wrong("has a schema that is not a JSON object")
		case !utf8.ValidString(t.Description + t.Failure):
			return wrong("has a description that is not UTF-8")
		}
		names[t.Name] = true
	}
	if sum > toolsBytes {
		return &SessionError{"tools", fmt.Sprintf("have %d bytes together: want at most %d", sum, toolsBytes)}
	}
	return nil
}
