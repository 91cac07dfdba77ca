package redact

import (
	"regexp"
	"strings"
)

// textRules are patterns and what stands in their place.
var textRules = []struct {
	hint    []string // one of them is in every match, in small letters
	pattern *regexp.Regexp
	instead string
}{
	{[]string{"private key"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)`), masked},
	{[]string{"://"}, regexp.MustCompile(`://[^\s/:@"]*:[^\s/@"]+@`), "://" + masked + "@"},
	{[]string{"bearer"}, regexp.MustCompile(`(?i)(\bbearer[\s:]+)[a-z0-9._~+/=-]+`), "${1}" + masked},
	{[]string{"eyj"}, regexp.MustCompile(`\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?`), masked},
	{[]string{"sk", "pk", "rk"}, regexp.MustCompile(`\b(?:sk|pk|rk)[_-][\w-]{16,}|\bSK[0-9a-f]{32}\b`), masked},
	{[]string{"gh", "github_pat_", "glpat-", "npm_", "hf_", "whsec_"},
		regexp.MustCompile(`\b(?:gh[opsur]_|github_pat_|glpat-|npm_|hf_|whsec_)[\w+/=-]{16,}`), masked},
	{[]string{"xox"}, regexp.MustCompile(`\bxox[a-z]-[\w-]{8,}`), masked},
	{[]string{"akia", "asia"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`), masked},
	{[]string{"aiza"}, regexp.MustCompile(`\bAIza[\w-]{30,}`), masked},
	{[]string{"sg."}, regexp.MustCompile(`\bSG\.[\w-]{16,}\.[\w-]{16,}`), masked},
	{[]string{"authorization"}, regexp.MustCompile(`(?i)(authorization["']?\s*[:=]\s*["']?(?:basic|digest|token)\s+)[^\s,;"']+`), "${1}" + masked},
	{[]string{":", "="}, regexp.MustCompile(`(?i)((?:^|[^a-z])(?:passw(?:or)?d|secret|token|cvv|cvc|pin|ssn|api[ _-]?key)["']?\s*[:=]\s*)` +
		`(?:(")(?:[^"\\]|\\.)*"|(')[^']*'|[^\s,;&"'<>(){}\[\]]+)`), "${1}${2}${3}" + masked + "${2}${3}"},
}

// redactText applies the rules for texts until none finds anything. One pass is enough for nearly every text; a second
// is needed where what was masked had kept something else from being a word of its own.
func redactText(s string) string {
	for range 16 {
		clean := redactOnce(s)
		if clean == s {
			return s
		}
		s = clean
	}
	return masked
}

func redactOnce(s string) string {
	small := strings.ToLower(s)
	for _, rule := range textRules {
		for _, hint := range rule.hint {
			if strings.Contains(small, hint) {
				s = rule.pattern.ReplaceAllString(s, rule.instead)
				break
			}
		}
	}
	return maskSSN(maskCards(maskRandom(s)))
}

// randomLeast is how long a text without a break has to be to be taken for a key.
const randomLeast = 32

// sid is an identifier of Twilio's, which is no secret.
var sid = regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`)

// maskRandom masks long texts without a break that nobody would have thought of: of small letters, capitals and digits.
// Identifiers in hexadecimal, such as UUIDs, have one case.
func maskRandom(s string) string {
	if len(s) < randomLeast {
		return s
	}
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); {
		begin, kinds := i, 0
		for i < len(s) {
			switch c := s[i]; {
			case c >= 'a' && c <= 'z':
				kinds |= 1
			case c >= 'A' && c <= 'Z':
				kinds |= 2
			case digit(c):
				kinds |= 4
			case c != '_' && c != '-':
				goto ended
			}
			i++
		}
	ended:
		if i-begin >= randomLeast && kinds == 7 && !sid.MatchString(s[begin:i]) {
			out.WriteString(s[kept:begin])
			out.WriteString(masked)
			kept = i
		}
		i++
	}
	if kept == 0 {
		return s
	}
	if kept < len(s) {
		out.WriteString(s[kept:])
	}
	return out.String()
}

// maskSSN masks social security numbers.
func maskSSN(s string) string {
	const form = "NNN-NN-NNNN"
	var out []byte
	for i := 0; i+len(form) <= len(s); i++ {
		if i > 0 && digit(s[i-1]) || i+len(form) < len(s) && digit(s[i+len(form)]) || !hasForm(s[i:], form) {
			continue
		}
		if out == nil {
			out = []byte(s)
		}
		copy(out[i:], "***-**-****")
		i += len(form) - 1
	}
	if out == nil {
		return s
	}
	return string(out)
}

// hasForm tells whether s begins with digits where form has an N, and with form's own signs elsewhere.
func hasForm(s, form string) bool {
	for i := range len(form) {
		if form[i] == 'N' && !digit(s[i]) || form[i] != 'N' && s[i] != form[i] {
			return false
		}
	}
	return true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
