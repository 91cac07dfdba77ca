package keys

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseLife reads how long a key is to live: days such as 90d, or hours and minutes as
// [time.ParseDuration] has them.
func ParseLife(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		if n, err = strconv.Atoi(days); n > int(MaxLife/(24*time.Hour)) {
			n = 0
		}
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d < MinLife || d > MaxLife {
		return 0, fmt.Errorf("want a time such as 90d or 12h, from %v to %d days", MinLife, MaxLife/(24*time.Hour))
	}
	return d, nil
}
