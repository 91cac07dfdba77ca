package redact

import (
	"strings"
	"unicode"
)

// secretWords are the words that make the name of a field one of a secret.
var secretWords = map[string]bool{
	"password": true, "passwd": true, "secret": true, "token": true, "cvv": true, "cvc": true, "pin": true, "ssn": true,
	"apikey": true, "authorization": true,
}

// secretName tells whether a name of a field holds one of the words: between other signs than letters, or between small
// letters and capitals.
func secretName(name string) bool {
	before := ""
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, word := range append(humps(part), part) {
			word = strings.ToLower(word)
			if secretWords[word] || word == "key" && before == "api" {
				return true
			}
			before = word
		}
	}
	return false
}

// humps cuts userPINCode into user, PIN and Code.
func humps(name string) (words []string) {
	letters := []rune(name)
	begin := 0
	for i := 1; i < len(letters); i++ {
		capital := unicode.IsUpper(letters[i])
		if capital && !unicode.IsUpper(letters[i-1]) || // user|PIN
			capital && i+1 < len(letters) && !unicode.IsUpper(letters[i+1]) { // PIN|Code
			words = append(words, string(letters[begin:i]))
			begin = i
		}
	}
	return append(words, string(letters[begin:]))
}
