package phone

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Read takes a number as people of the US write it into a form or a file: ten digits, or
// eleven that begin with 1, grouped by signs or not; or any country's after a +. Signs
// that nobody sees are overlooked. Nothing else is: a cell that holds more than a number,
// or that may have lost a part of one, is an error that says what is wrong, without the
// number. What it makes of a number is held against libphonenumber's tables. Whether a
// call could reach it is another question.
func Read(s string) (Number, error) {
	w, err := split(s)
	if err != nil {
		return Number{}, err
	}
	digits := w.digits
	switch {
	case digits == "":
		return Number{}, errors.New("is not a number: want one such as +14155550123 or (415) 555-0123")
	case w.plus && digits[0] == '1':
		return northAmerican(digits[1:], w.groups(1))
	case w.plus:
		return abroadNumber(w)
	case strings.HasPrefix(digits, "00"), strings.HasPrefix(digits, "011") && len(digits) > 11:
		return Number{}, errors.New("begins with an international prefix: write + and the country code instead")
	case digits[0] == '0':
		return Number{}, errors.New("begins with 0, as no US number does: another country's number needs + and its " +
			"country code")
	case len(digits) == 11 && digits[0] == '1':
		return northAmerican(digits[1:], w.groups(1))
	}
	return northAmerican(digits, w.groups(0))
}

// northAmerican is a number of +1 by its ten digits, given where groups of them end.
func northAmerican(digits string, ends []int) (Number, error) {
	switch len(digits) {
	case 10:
	case 7:
		return Number{}, errors.New("has no area code: a US number has ten digits, and this one seven")
	default:
		return Number{}, fmt.Errorf("has %d digits: a US number has ten, or eleven that begin with 1", len(digits))
	}
	if !grouped(ends) {
		return Number{}, errors.New("is not grouped as a US number is (3-3-4): is there an extension, or a second " +
			"number, in it?")
	}
	n := Number{"+1" + digits}
	if digits[0] < '2' || digits[3] < '2' {
		return Number{}, errors.New("is not a US number: area codes and exchanges do not begin with 0 or 1")
	}
	if _, known := n.Area(); !known && !assigned(digits) {
		return Number{}, fmt.Errorf("is not a US number: the area code %s does not exist", digits[:3])
	}
	return n, nil
}

// grouped tells whether digits are cut as those of a US number are: 3-3-4, with fewer
// cuts, or with the last four in pairs.
func grouped(ends []int) bool {
	six := false
	for _, end := range ends {
		switch {
		case end == 6:
			six = true
		case end == 3, end == 8 && six:
		default:
			return false
		}
	}
	return true
}

// assigned tells whether libphonenumber knows ten digits of +1.
func assigned(digits string) bool {
	n, err := phonenumbers.Parse("+1"+digits, "US")
	return err == nil && phonenumbers.IsValidNumber(n)
}

// abroadNumber is a number after a + that is not followed by 1.
func abroadNumber(w written) (Number, error) {
	if digits := w.digits; len(digits) == 10 {
		if _, err := northAmerican(digits, nil); err == nil {
			return Number{}, errors.New("has the ten digits of a US number after its +: the country code 1 is missing, " +
				"or it is another country's")
		}
	}
	if w.slash {
		return Number{}, errors.New("contains a /: is it two numbers?")
	}
	n, err := phonenumbers.Parse("+"+w.digits, "ZZ")
	if err != nil {
		return Number{}, errors.New("begins with a country code that does not exist: a US number begins with +1")
	}
	region := phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode()))
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.IS_POSSIBLE:
	case phonenumbers.TOO_LONG:
		return Number{}, fmt.Errorf("is too long for a number of %s", region)
	default:
		return Number{}, fmt.Errorf("is too short for a number of %s: if it is a US number, its country code 1 is missing", region)
	}
	whole := phonenumbers.Format(n, phonenumbers.E164)
	if whole != "+"+w.digits {
		return Number{}, errors.New("has a 0 after its country code that is not dialed from abroad")
	}
	return Parse(whole)
}

var (
	scientific = regexp.MustCompile(`^[+-]?[0-9](?:[.,][0-9]+)?[eE][+-]?[0-9]+$`)
	decimal    = regexp.MustCompile(`^[0-9]+\.0{1,2}$`)
)

// spreadsheet says what a spreadsheet did to a number that it took for a quantity.
func spreadsheet(s string) error {
	switch {
	case scientific.MatchString(s):
		return errors.New("is in scientific notation: the spreadsheet has dropped digits. Format the column as text " +
			"and export again")
	case decimal.MatchString(s):
		return errors.New("is a quantity with decimals, not a number as text: format the column as text and export again")
	}
	return nil
}

// unseen tells whether a sign is none that a person sees: marks of direction, joiners, a
// byte order mark, a soft hyphen, a variation selector.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u034f'
}
