package bridge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
)

// privateServer tries the private Postgres, unless the service has it running.
func privateServer(c *config) finding {
	if err := writable(c.DataDir); err != nil {
		return finding{"database", wrong, "BRIDGE_DATA_DIR: " + inLine(err)}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := c.openDatabase(ctx, zerolog.Nop())
	switch {
	case errors.Is(err, postgres.ErrInUse):
		return finding{"database", warning, "the service runs a private Postgres in " + c.DataDir + "; set DATABASE_URL for more than one instance"}
	case err != nil:
		return finding{"database", wrong, inLine(err)}
	}
	db.close()
	return finding{"database", warning, "a private Postgres starts in " + c.DataDir + "; set DATABASE_URL for more than one instance"}
}

// checkTwilio asks Twilio whether the credentials are good, and whether each
// number sends its calls here.
func checkTwilio(ctx context.Context, c *config) []finding {
	client, err := c.twilioClient()
	if err != nil {
		return []finding{{"Twilio", wrong, inLine(err)}}
	}
	status, err := client.Account(ctx)
	if err != nil {
		return []finding{{"Twilio", wrong, "the account can't be read with these credentials: " + inLine(err)}}
	}
	all := []finding{{"Twilio", well, "the account is " + status}}
	if status != "active" {
		all[0].State = wrong
	}
	base := strings.TrimRight(c.PublicURL, "/")
	for i, n := range slices.Sorted(maps.Keys(c.file.Numbers)) {
		number, err := phone.Parse(n)
		if err != nil {
			continue // the configuration's check has said so
		}
		what := "number " + number.String()
		set, found, err := client.IncomingNumber(ctx, number)
		switch {
		case err != nil:
			all = append(all, finding{what, warning, inLine(err)})
		case !found:
			all = append(all, finding{what, wrong, "it is not in the account"})
		case set.VoiceURL != base+"/twilio/voice" || set.VoiceMethod != http.MethodPost:
			all = append(all, finding{what, wrong, "set its voice webhook to POST " + base + "/twilio/voice"})
		case set.StatusCallback != base+"/twilio/status":
			all = append(all, finding{what, warning, "set its status callback to " + base + "/twilio/status: it tells of callers who hang up early"})
		case set.SMSURL != base+"/twilio/sms":
			all = append(all, finding{what, warning, "set its messaging webhook to POST " + base + "/twilio/sms: people answer STOP by text, and it has to end the calls, too"})
		default:
			all = append(all, finding{what, well, "its calls and texts come here"})
		}
		if i == 49 {
			break // enough to see a pattern
		}
	}
	return append(all, reachable(ctx, base))
}

// reachable asks the service by its public address.
func reachable(ctx context.Context, base string) finding {
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/healthz", nil)
	if err != nil {
		return finding{"PUBLIC_URL", wrong, inLine(err)}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return finding{"PUBLIC_URL", warning, base + " does not answer. Is the service running, and the way to it open?"}
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return finding{"PUBLIC_URL", wrong, fmt.Sprintf("%s/healthz answers %d: something else is there", base, res.StatusCode)}
	}
	return finding{"PUBLIC_URL", well, base + " answers"}
}

// clockSkew is how far our clock is ahead of a web server's.
func clockSkew(ctx context.Context, url string) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, "HEAD", url, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return 0, fmt.Errorf("the answer has no date")
	}
	return time.Since(theirs), nil
}
