package cli

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
)

// retryUnavailable asks again while the service or its database is away.
func retryUnavailable(ctx context.Context, ask func() error) error {
	pause := importPause
	for try := 1; ; try++ {
		err := ask()
		var p *api.Problem
		var away *api.UnreachableError
		if err == nil || try == importTries || ctx.Err() != nil || !errors.As(err, &away) && (!errors.As(err, &p) || p.Status != http.StatusServiceUnavailable) {
			return err
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return err
		}
	}
}
