package service

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
)

// sellerLister says for which sellers a ledger has what a change of their keys would lose.
type sellerLister interface {
	StopSellers(ctx context.Context) ([]string, error)
	LiveSellers(ctx context.Context) ([]string, error)
}

// keepsStops refuses a configuration that has lost a seller of whom people wanted no
// more calls, or may want none at any moment, since calls for it are live: under another key
// nobody would find what they said.
func keepsStops(ctx context.Context, c *config.Config, ledger sellerLister) error {
	stopped, err := ledger.StopSellers(ctx)
	if err != nil {
		return err
	}
	live, err := ledger.LiveSellers(ctx)
	if err != nil {
		return err
	}
	sellers := c.Sellers()
	var problems []error
	lost := func(names []string, what string) {
		for _, name := range names {
			if _, known := consent.SellerOf(sellers, name); name != "" && !known {
				problems = append(problems, c.File.Problem(fmt.Sprintf("%s %s, which is not in this file: add was: [%s] to the seller that replaced it (%s)",
					what, name, name, strings.Join(slices.Sorted(maps.Keys(sellers)), ", ")), "sellers"))
			}
		}
	}
	lost(stopped, "the ledger has opt-outs for seller")
	lost(slices.DeleteFunc(live, func(name string) bool { return slices.Contains(stopped, name) }), "there are live calls for seller")
	if problems != nil {
		return &config.Error{Problems: problems}
	}
	return nil
}
