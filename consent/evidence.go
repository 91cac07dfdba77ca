package consent

import (
	"crypto/sha256"
	"errors"
	"regexp"
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// ErrEvidenceSeen is what a [Ledger] answers to a fact that lifts a refusal by evidence
// that was recorded before: what a person did once is no new act of theirs. Nothing is
// written.
var ErrEvidenceSeen = errors.New("consent: the evidence of a renewal was recorded before")

// Digest is the SHA-256 of what an evidence says, by which it is known again: of the
// letters and digits of its text as a reader sees them, in lower case and without dates
// and times, so that the same words with another date are the same. It is not ok if there
// is nothing else in the text.
func (ev *Evidence) Digest() (sum [sha256.Size]byte, ok bool) {
	if ev == nil {
		return sum, false
	}
	text := legible(ev.Text)
	if mayHaveTimes(text) {
		text = datesIn.ReplaceAllString(clocksIn.ReplaceAllString(text, " "), " ")
	}
	text = strings.ReplaceAll(plain(text), " ", "")
	return sha256.Sum256([]byte(text)), text != ""
}

// mayHaveTimes is false of a text in which there is surely no date or time. Most have no
// time in them, and looking for one takes a hundred times as long.
func mayHaveTimes(text string) bool {
	return strings.ContainsAny(text, "0123456789") || strings.Contains(text, "day") ||
		strings.Contains(text, "utc") || strings.Contains(text, "gmt")
}

// NamesNumber tells whether the text of an evidence has a number in it, in whatever
// grouping: then it is about that person alone.
func (ev *Evidence) NamesNumber(n phone.Number) bool {
	national := strings.TrimPrefix(strings.TrimPrefix(n.E164(), "+"), "1")
	return ev != nil && national != "" && strings.Contains(digits(ev.Text), national)
}

// clocksIn is times of day as forms, machines and people write them.
var clocksIn = regexp.MustCompile(strings.Join([]string{
	`(\bt|\b|t)\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([ap]\.?m\b\.?)?` + zoneForms,
	`\b\d{1,2}([.:h]\d{2})?\s*[ap]\.?m\b\.?` + zoneForms,
	`\b\d{1,2}h\d{2}\b`, `\b\d{3,4}\s*(hrs?|hours)\b`, `\b\d{1,2}\s*o.?clock\b`,
	`\b(utc|gmt)\b([+-]\d{1,2}(:?\d{2})?)?`,
	`\(?\b((eastern|central|mountain|pacific|alaska|hawaii)\s+)?(standard|daylight)\s+time\b`,
}, "|"))

// zoneForms is what may stand behind a time of day.
const zoneForms = `\s*(z\b|(utc|gmt|[ecmp][sd]?t)\b)?([+-]\d{1,2}(:?\d{2})?\b)?`

// datesIn is dates, once there are no times of day in a text any more.
var datesIn = regexp.MustCompile(strings.Join([]string{
	`\b\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(t\b|\b)`,
	`\b\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(\d{4}|\d{2})\b`,
	`\b\d{1,2}/\d{1,2}\b`,
	`\b20\d{6}(t?\d{4,6}z?)?\b`,
	`\b1[5-9]\d{8}(\d{3}){0,3}(\.\d+)?\b`, // seconds since 1970, or parts of them
	`\b(` + monthNames + `)\b\.?\s+\d{1,2}(st|nd|rd|th)?\b(,?\s+\d{4}\b)?`,
	`\b\d{1,2}(st|nd|rd|th)?[\s/.-]*((of|de)\s+)?(` + monthNames + `)(\d{4}\b|\b[\s/.,'-]*((de|del)\s+)?(\d{4}\b|\d{2}\b)?)`,
	`\b(` + monthNames + `)\b[\s/.,'-]*\d{4}\b`,
	`\b((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(rs?)?|fri|sat|sun)\b`,
	`\b(lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b`,
}, "|"))

const monthNames = `jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?|` +
	`enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre`
