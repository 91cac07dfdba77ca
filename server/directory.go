package server

import (
	"slices"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Directory is who calls on whose behalf, and from which numbers, as bridge.yaml
// says.
type Directory struct {
	Sellers map[string]consent.Seller
	Agents  map[string]DirectoryAgent
	Numbers map[phone.Number]string // our numbers: the agent that answers each

	TextsFrom map[string]phone.Number // by seller: its number that sends texts, if it has one

	whole map[string]consent.Seller // of the directory that this is a part of; nil if it is none
}

// DirectoryAgent is what the directory knows of an agent.
type DirectoryAgent struct {
	Seller  string
	Purpose consent.Purpose // of its calls, where a request says none; empty for none

	NoMarketing bool // nothing in its calls promotes anything, where a request doesn't say

	Tools []string // that it may use, as bridge.yaml names them
}

// numbersOf is the numbers that an agent answers, sorted.
func (d Directory) numbersOf(agent string) []phone.Number {
	var list []phone.Number
	for n, a := range d.Numbers {
		if a == agent {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b phone.Number) int { return strings.Compare(a.E164(), b.E164()) })
	return list
}

// seller is the one of a name: its key, or an earlier one. In a part of a directory
// nobody answers to the name of somebody outside.
func (d Directory) seller(name string) (consent.Seller, bool) {
	if d.whole == nil {
		return consent.SellerOf(d.Sellers, name)
	}
	s, ok := consent.SellerOf(d.whole, name)
	if ok {
		s, ok = d.Sellers[s.Name]
	}
	return s, ok
}

// keysOf is the keys of the legal person that has a key now, that one first.
func (d Directory) keysOf(name string) []string {
	others := slices.DeleteFunc(slices.Clone(d.Sellers[name].Keys), func(key string) bool { return key == name })
	return append([]string{name}, others...)
}

// sellersAt is everyone who may call or text from a number, or gives it as its own:
// to whom somebody speaks who writes to it.
func (d Directory) sellersAt(n phone.Number) []consent.Seller {
	var list []consent.Seller
	if n.IsZero() {
		return nil
	}
	for name, s := range d.Sellers {
		if agent, ok := d.Numbers[n]; ok && d.Agents[agent].Seller == name || s.Callback == n || s.TollfreeOptout == n || d.TextsFrom[name] == n {
			list = append(list, s)
		}
	}
	return sortSellers(list)
}

func (d Directory) allSellers() []consent.Seller {
	var list []consent.Seller
	for _, s := range d.Sellers {
		list = append(list, s)
	}
	return sortSellers(list)
}

func sortSellers(list []consent.Seller) []consent.Seller {
	slices.SortFunc(list, func(a, b consent.Seller) int { return strings.Compare(a.Name, b.Name) })
	return list
}
