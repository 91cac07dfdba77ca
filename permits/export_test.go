package permits

import (
	"context"

	"github.com/patchcord/patchcord/consent"
)

// MaxEvents is how many events of a permit are kept.
const MaxEvents = maxEvents

// Sweep ends the permits of which nothing is heard, without waiting for Run's tick.
func (s *Service) Sweep(ctx context.Context) { s.unheard(ctx) }

// Mark notes which permits a fact ends, and Post posts what is due at once, whenever it
// was tried before.
func (s *Service) Mark(ctx context.Context, f consent.Fact) { s.mark(ctx, f) }

// Post is one round of callbacks, with nothing between the tries.
func (s *Service) Post(ctx context.Context) {
	for _, r := range s.due(ctx, maxPosts, 0) {
		s.tell(ctx, &r)
	}
}
