package remind

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// Add schedules reminders, all or none, at most MaxAdd. Their orders must be valid
// (call.Switchboard's Check). It returns them in their order, and how many are new:
// the others have a Key that was there already, and are returned as they are. A Key
// that was there with another Body is a *KeyError.
func (s *Service) Add(ctx context.Context, list ...Reminder) ([]Reminder, int, error) {
	if len(list) > MaxAdd {
		return nil, 0, fmt.Errorf("remind: %d reminders: want at most %d at once", len(list), MaxAdd)
	}
	made := map[string]bool{}
	now := s.now().UTC()
	for i := range list {
		r := &list[i]
		r.ID = "rem_" + strings.ToLower(rand.Text())
		r.Status, r.NextAt, r.CreatedAt = Scheduled, r.Due, now
		made[r.ID] = true
	}
	stored, err := s.queue.add(ctx, list)
	if err != nil {
		return nil, 0, err
	}
	fresh := 0
	for _, r := range stored {
		if made[r.ID] {
			fresh++
		}
	}
	return stored, fresh, nil
}

// Get returns a reminder, or ErrNotFound.
func (s *Service) Get(ctx context.Context, id string) (Reminder, error) { return s.store.Get(ctx, id) }

// List returns reminders, newest first, and the cursor of the next page.
func (s *Service) List(ctx context.Context, f Filter) ([]Reminder, string, error) {
	return s.store.List(ctx, f)
}

// Pauses returns the campaigns that rest, because the carrier fails.
func (s *Service) Pauses(ctx context.Context) ([]Pause, error) { return s.store.Pauses(ctx) }

// Cancel ends a reminder. A call that is under way goes on, and is the last. The
// error is ErrNotFound, or ErrFinal with the reminder as it ended.
func (s *Service) Cancel(ctx context.Context, id string) (Reminder, error) {
	return s.store.Cancel(ctx, id, "cancelled on request")
}
