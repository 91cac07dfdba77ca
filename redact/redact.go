// Package redact says what may be written down of a tool call: callers say their card numbers, and
// models repeat passwords. [Arguments] is for what the agent sent, [Result] for what the tool
// answered. The tool and the agent get what was said.
package redact

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/patchcord/patchcord/tools"
)

// masked stands for a value that is not written down.
const masked = "***"

// Arguments returns the arguments of a tool call as they may be written down. The tool itself gets them as they are.
//
//   - A field that [tools.Secret] names is masked, at any depth.
//   - A property that the tool's schema marks "writeOnly": true or "format": "password" is masked, at any depth, in
//     arrays, and behind $ref, allOf, anyOf, oneOf, if, then and else.
//   - A field is masked whose name holds one of the words password, passwd, secret, token, cvv, cvc, pin, ssn, apikey
//     ("api_key" too) and authorization, in any case: "card_pin" and "userPIN", not "shipping". true, false and null
//     hide nothing and stay.
//   - In every text, also in names of fields: payment card numbers (13 to 19 digits, spaces or dashes between them, Luhn)
//     keep their last four digits, and a number that is one becomes a text (what is behind its point is no card);
//     United States social security numbers of the form NNN-NN-NNNN are masked; so are what follows "Bearer", keys in
//     the form of the well-known services (sk-…, ghp_…, xoxb-…, AKIA…, AIza…, and others), JSON Web Tokens, private keys
//     in PEM, a password in a URL, text without a break of 32 characters or more with small letters, capitals and digits
//     in it, and what follows one of the words above (but for authorization) and a colon or an equals sign.
//
// What is masked reads ***. All else stays as it is, byte for byte: the order, the spaces, every digit of a number.
//
// The result is JSON if there is one. Of arguments that are not JSON, or longer than 64 KiB, only the length is written
// down; of none at all, nothing. The same arguments always give the same result, and redacting it again changes nothing.
func Arguments(tool tools.Info, arguments json.RawMessage) json.RawMessage {
	text := bytes.TrimSpace(arguments)
	switch {
	case len(text) == 0:
		return nil
	case len(text) > tools.MaxArguments:
		return unwritten(len(text), "too long")
	case !json.Valid(text):
		return unwritten(len(text), "not JSON")
	}
	w := walk{in: text, secret: tool.Secret, left: maxMarks}
	return w.value(w.root(tool.Schema))
}

// Result does the same to a tool's result. One that is JSON is read as such, but for the schema, which is that of the
// arguments; in any other, the rules for texts apply. Of one longer than [tools.MaxResult] only the length is written down.
func Result(tool tools.Info, result string) string {
	text := []byte(result)
	if len(text) > tools.MaxResult {
		return fmt.Sprintf("(%d bytes, too long)", len(text))
	}
	if !json.Valid(text) {
		return redactText(result)
	}
	w := walk{in: text, secret: tool.Secret}
	return string(w.value(nil))
}

// unwritten tells of arguments that are not written down.
func unwritten(size int, why string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`"(%d bytes, %s)"`, size, why))
}
