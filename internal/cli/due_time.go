package cli

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/internal/table"
	"github.com/patchcord/patchcord/phone"
)

// dueTime reads a time of day. Without an offset it is in the zone given, or else in
// that of other; without either it is an error, and so is a day alone.
func dueTime(s, zone string, other *time.Location, order string) (time.Time, error) {
	in := other
	if zone != "" {
		var err error
		if in, err = phone.LoadZone(zone); err != nil {
			return time.Time{}, errors.New("not a time zone: want an IANA name such as America/Chicago")
		}
	}
	at, err := table.ParseWhen(s, in, order)
	switch {
	case errors.Is(err, table.ErrOrder) || errors.Is(err, table.ErrGap):
		return time.Time{}, err
	case err != nil || at.Day != "":
		return time.Time{}, errors.New("want a time such as 2026-11-24T10:00:00-08:00 or 2026-11-24 10:00")
	case in == nil && at.Local:
		return time.Time{}, errors.New("neither the time has an offset nor the line a zone: want 2026-11-24T10:00:00-08:00, or use --zone")
	}
	return at.At, nil
}
