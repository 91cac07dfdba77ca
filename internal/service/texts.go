package service

import (
	"context"
	"maps"
	"slices"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
)

// policyTexts is what decisions name by a digest.
func policyTexts(c *config.Config, policy *consent.Policy) ([]consent.Fact, error) {
	text, err := consent.PolicyText(policy)
	if err != nil {
		return nil, err
	}
	list := []consent.Fact{text}
	for _, name := range slices.Sorted(maps.Keys(c.File.Sellers)) {
		list = append(list, consent.SellerText(c.Seller(name)))
	}
	return list, nil
}

// keepTexts sees to it that the ledger has them. What fails is tried again by replay.
func (g *Gate) keepTexts(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, replayEvery)
	defer cancel()
	if err := g.KeepTexts(bounded, g.texts...); err != nil && ctx.Err() == nil {
		g.log.Error().Err(err).Msg("policy and sellers not kept in the ledger; retrying")
	}
}
