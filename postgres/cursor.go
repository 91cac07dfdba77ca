package postgres

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// cursor is the last call that a page of the list showed. The next page begins
// below it, however many calls were added on top meanwhile.
type cursor struct {
	startedAt time.Time // to the µs, as Postgres keeps it
	id        string
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.startedAt.UnixMicro(), 10) + " " + c.id))
}

// parseCursor reads what String wrote. It comes from outside.
func parseCursor(s string) (cursor, error) {
	bad := fmt.Errorf("postgres: %w: the cursor is not one of ours", calllog.ErrBadFilter)
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return cursor{}, bad
	}
	digits, id, found := strings.Cut(string(raw), " ")
	micros, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil || !storable(id) {
		return cursor{}, bad
	}
	at := time.UnixMicro(micros).UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return cursor{}, bad
	}
	return cursor{at, id}, nil
}
