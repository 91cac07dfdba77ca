package cli

import (
	"context"
	"errors"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

// checkKeys tells whether anybody could ask the service.
func checkKeys(ctx context.Context, c *config.Config, db *service.Database) []config.Finding {
	err := service.NeedKey(ctx, c.APIToken, db.Keys())
	var none *config.Error
	switch {
	case errors.As(err, &none):
		return []config.Finding{{What: "BRIDGE_API_TOKEN", State: config.Wrong, Say: service.ErrNoKeys.Error()}}
	case err != nil: // the schema is not there yet
		return nil
	}
	return []config.Finding{{What: "API keys", State: config.Well, Say: "the key works"}}
}
