package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

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
				k.wrong(was+" is a seller of this file: give both the same legal_name, or the same affiliates", "sellers", name, "was", strconv.Itoa(i))
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

// sellerLister says for which sellers a ledger has what a change of their keys would lose.
type sellerLister interface {
	StopSellers(ctx context.Context) ([]string, error)
	LiveSellers(ctx context.Context) ([]string, error)
}

// keepsStops refuses a configuration that has lost a seller of whom people wanted no
// more calls, or may want none at any moment, since calls for it are live: under another key
// nobody would find what they said.
func (c *config) keepsStops(ctx context.Context, ledger sellerLister) error {
	stopped, err := ledger.StopSellers(ctx)
	if err != nil {
		return err
	}
	live, err := ledger.LiveSellers(ctx)
	if err != nil {
		return err
	}
	sellers := c.sellers()
	var problems []error
	lost := func(names []string, what string) {
		for _, name := range names {
			if _, known := consent.SellerOf(sellers, name); name != "" && !known {
				problems = append(problems, c.file.problem(fmt.Sprintf("%s %s, and no seller of this file has that key: add was: [%s] to the seller that it is now (%s)",
					what, name, name, strings.Join(slices.Sorted(maps.Keys(sellers)), ", ")), "sellers"))
			}
		}
	}
	lost(stopped, "the ledger has opt-outs said to")
	lost(slices.DeleteFunc(live, func(name string) bool { return slices.Contains(stopped, name) }), "calls are live for")
	if problems != nil {
		return &configError{problems}
	}
	return nil
}
