package consent

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// LegalEntity is a legal name as one person in law bears it: in whatever case, with
// whatever spaces and punctuation, with "and" for an ampersand, and with or without a
// final Inc, LLC, Corp, Ltd or Co.
func LegalEntity(name string) string {
	var words []string
	letters := false // the last word is letters one by one, such as L. L. C.
	for w := range strings.FieldsFuncSeq(dropDots.Replace(legible(name)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch single := len(w) == 1; {
		case w == "and":
			continue
		case single && letters:
			words[len(words)-1] += w
		default:
			words, letters = append(words, w), single
		}
	}
	for len(words) > 1 && slices.Contains(companyForms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, "")
}

var (
	dropDots     = strings.NewReplacer(".", "", "'", "", "’", "") // L.L.C. is LLC
	companyForms = []string{"inc", "incorporated", "llc", "corp", "corporation", "ltd", "limited", "co", "company"}
)

// Relate tells sellers of one configuration about each other: which of their names are
// those of one legal person (the keys and earlier keys of one legal name), and which a
// person takes for one caller (those of one legal person or of one group). Was is the
// earlier keys of each. A legal name is of the group that any of its keys names.
func Relate(sellers map[string]Seller, was map[string][]string) {
	entities, groups := map[string][]string{}, map[string]string{}
	var known []string
	for name, s := range sellers {
		known = append(append(known, name), was[name]...)
		entity := LegalEntity(s.LegalName)
		entities[entity] = append(append(entities[entity], name), was[name]...)
		if s.Group != "" {
			groups[entity] = groupName(s.Group)
		}
	}
	known = ordered(known)
	for name, s := range sellers {
		s.Known = known
		own := LegalEntity(s.LegalName)
		s.Keys = ordered(entities[own])
		s.Group = groups[own]
		s.Names = s.Keys
		if s.Group != "" {
			s.Names = nil
			for entity, keys := range entities {
				if groups[entity] == s.Group {
					s.Names = append(s.Names, keys...)
				}
			}
			s.Names = ordered(s.Names)
		}
		sellers[name] = s
	}
}

// SellerOf is the seller of a configuration that a ledger or a client knows by a name: its key,
// or an earlier one.
func SellerOf(sellers map[string]Seller, name string) (Seller, bool) {
	if s, ok := sellers[name]; ok {
		return s, true
	}
	for _, key := range slices.Sorted(maps.Keys(sellers)) {
		if s := sellers[key]; s.Owns(name) {
			return s, true
		}
	}
	return Seller{}, false
}

// groupName is the name of a group as it is compared.
func groupName(s string) string { return strings.ReplaceAll(plain(s), " ", "") }

func ordered(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
