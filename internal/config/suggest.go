package config

import (
	"slices"
	"strings"
)

// Suggest are the names that somebody may have meant, at most three, the nearest first.
func Suggest(name string, all []string) []string {
	type guess struct {
		name string
		far  int
	}
	var guesses []guess
	short := strings.ToLower(name)
	for _, other := range all {
		far := distance(short, strings.ToLower(other))
		if len(short) > 2 && strings.Contains(strings.ToLower(other), short) {
			far = min(far, 2)
		}
		if far <= max(2, len(short)/4) {
			guesses = append(guesses, guess{other, far})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.far - b.far })
	var names []string
	for _, g := range guesses[:min(3, len(guesses))] {
		names = append(names, g.name)
	}
	return names
}

// distance is how many bytes have to be put in, taken out or replaced (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		above := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := above
			if a[i] != b[j] {
				cost = 1 + min(above, row[j], row[j+1])
			}
			above, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
