package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/patchcord/patchcord/consent"
)

// entities finds what sellers say of each other that can't be: a refusal binds a legal
// person and its group, so that nobody may be left in doubt who that is.
func (k *checker) entities() {
	groups, before := map[string]string{}, map[string]string{} // by legal name; by an earlier key
	for _, name := range slices.Sorted(maps.Keys(k.f.Sellers)) {
		s := k.f.Sellers[name]
		for i, was := range s.Was {
			_, now := k.f.Sellers[was]
			switch other, twice := before[was]; {
			case !plainName.MatchString(was):
				k.wrong("want the earlier key of a seller: lower-case letters, digits, - and _, at most 64", "sellers", name, "was", strconv.Itoa(i))
			case now:
				k.wrong(was+" is a seller in this file: give both the same legal_name, or the same affiliates", "sellers", name, "was", strconv.Itoa(i))
			case twice:
				k.wrong(was+" is an earlier key of "+other+", too", "sellers", name, "was", strconv.Itoa(i))
			}
			before[was] = name
		}
		if s.Affiliates == "" {
			continue
		}
		if !plainName.MatchString(s.Affiliates) {
			k.wrong("want lower-case letters, digits, - and _, at most 64", "sellers", name, "affiliates")
		}
		entity := consent.LegalEntity(s.LegalName)
		if other, known := groups[entity]; known && k.f.Sellers[other].Affiliates != s.Affiliates {
			k.wrong(fmt.Sprintf("%s has the same legal_name, and affiliates %s: one legal person belongs to one group", other, k.f.Sellers[other].Affiliates), "sellers", name, "affiliates")
		} else {
			groups[entity] = name
		}
	}
}
