package phone

import "strings"

// Redact makes a caller id fit for a log: a number as [Number.String] does, an address
// ("sip:alice@example.com", "whatsapp:+14155550142") as its scheme and no more than the
// number would show, a word that carriers put in place of a withheld number as itself,
// and anything else as "…". What it returns never identifies a person.
//
// The schemes and words are those of Twilio's voice webhook parameters.
func Redact(s string) string {
	if n, err := Parse(s); err == nil {
		return n.String()
	}
	switch strings.ToLower(s) {
	case "", "anonymous", "restricted", "blocked", "unknown", "unavailable":
		return s
	}
	scheme, rest, _ := strings.Cut(s, ":")
	switch scheme {
	case "sip", "sips", "client", "whatsapp", "tel":
		if n, err := Parse(rest); err == nil {
			return scheme + ":" + n.String()
		}
		return scheme + ":…"
	}
	return "…"
}
