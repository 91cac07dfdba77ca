package bridge

import (
	"context"
	"errors"
)

// checkKeys tells whether anybody could ask the service.
func checkKeys(ctx context.Context, c *config, db *database) []finding {
	err := needKey(ctx, c.APIToken, db.Keys())
	var none *configError
	switch {
	case errors.As(err, &none):
		return []finding{{"BRIDGE_API_TOKEN", wrong, errNoKeys.Error()}}
	case err != nil: // the schema is not there yet
		return nil
	}
	return []finding{{"API keys", well, "the service can be asked"}}
}
