package bridge

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/twilio"
)

// privateServer looks whether a private Postgres runs, or could be started. It starts none.
func privateServer(ctx context.Context, c *config) finding {
	const more = "; set DATABASE_URL for more than one instance"
	if err := writable(c.DataDir); err != nil {
		return finding{"database", wrong, "BRIDGE_DATA_DIR: " + inLine(err)}
	}
	if _, err := pgserver.FindPrivate(c.DataDir); err == nil {
		return finding{"database", warning, "the service runs a private Postgres in " + c.DataDir + more}
	}
	if err := pgserver.CanStartPrivate(ctx, c.DataDir); err != nil {
		return finding{"database", wrong, inLine(err)}
	}
	return finding{"database", warning, "serve starts a private Postgres in " + c.DataDir + more}
}

// checkTwilio asks Twilio whether the credentials are good, and whether each
// number sends its calls here. With --fix those that don't are made to.
func (d *doctorCmd) checkTwilio(ctx context.Context, c *config) []finding {
	if c.TwilioAccountSID == "" || len(c.authTokens()) == 0 || c.inTheClear(c.TwilioAPIURL) != nil {
		return nil // the configuration's check has said so
	}
	client, err := c.twilioClient()
	if err != nil {
		return []finding{{"Twilio", wrong, inLine(err)}}
	}
	status, err := client.Account(ctx)
	if said, _ := ofNetwork(err); said != "" {
		return []finding{{"Twilio", wrong, "it is not reached: " + inLine(err)}}
	}
	if err != nil {
		return []finding{{"Twilio", wrong, "the account can't be read with these credentials: " + inLine(err)}}
	}
	all := []finding{{"Twilio", well, "the account is " + status}}
	if status != "active" {
		all[0].State = wrong
	}
	for i, n := range slices.Sorted(maps.Keys(c.file.Numbers)) {
		number, err := phone.Parse(n)
		if err != nil {
			continue // the configuration's check has said so
		}
		all = append(all, d.checkNumber(ctx, client, number, strings.TrimRight(c.PublicURL, "/")))
		if i == 49 && !d.Fix {
			break // enough to see a pattern
		}
	}
	return all
}

// checkNumber tells whether a number of the account sends its calls and texts here.
func (d *doctorCmd) checkNumber(ctx context.Context, client *twilio.Client, number phone.Number, base string) finding {
	what := "number " + number.String()
	set, found, err := client.IncomingNumber(ctx, number)
	switch {
	case err != nil:
		return finding{what, warning, inLine(err)}
	case !found:
		return finding{what, wrong, "it is not in the account"}
	case base == "":
		return finding{what, warning, "without PUBLIC_URL it isn't known where its calls should go"}
	}
	want := twilio.IncomingNumber{SID: set.SID, VoiceURL: base + "/twilio/voice", VoiceMethod: http.MethodPost,
		StatusCallback: base + "/twilio/status", SMSURL: base + "/twilio/sms"}
	f := finding{what, well, "its calls and texts come here"}
	switch {
	case set.VoiceURL != want.VoiceURL || set.VoiceMethod != want.VoiceMethod:
		f.State, f.Say = wrong, "set its voice webhook to POST "+want.VoiceURL
	case set.StatusCallback != want.StatusCallback:
		f.State, f.Say = warning, "set its status callback to "+want.StatusCallback+": it tells of callers who hang up early"
	case set.SMSURL != want.SMSURL:
		f.State, f.Say = warning, "set its messaging webhook to POST "+want.SMSURL+": people answer STOP by text, and it has to end the calls, too"
	}
	if f.State == well || !d.Fix {
		if f.State != well {
			f.Say += " (bridge doctor --fix does it)"
		}
		return f
	}
	if err := checkPublicURL(base); err != nil {
		return finding{what, wrong, "its webhooks are left alone: PUBLIC_URL: " + inLine(err)}
	}
	if err := client.SetIncomingNumber(ctx, want); err != nil {
		return finding{what, wrong, "its webhooks could not be set: " + inLine(err)}
	}
	return finding{what, well, fmt.Sprintf("its webhooks are set now; its calls went to %q before", set.VoiceURL)}
}

// checkPublic asks the service by its public address.
func checkPublic(ctx context.Context, c *config) []finding {
	if c.PublicURL == "" || checkPublicURL(c.PublicURL) != nil {
		return nil // the configuration's check has said so
	}
	return []finding{reachable(ctx, strings.TrimRight(c.PublicURL, "/"))}
}

// checkHosts tells whether the hosts of the tools are there. No tool is run.
func checkHosts(ctx context.Context, c *config) (all []finding) {
	for _, name := range slices.Sorted(maps.Keys(c.file.Tools)) {
		t := c.file.Tools[name]
		if t.HTTP == nil {
			continue
		}
		u, err := url.Parse(t.HTTP.URL)
		if err != nil || u.Hostname() == "" {
			continue // the configuration's check has said so
		}
		f := finding{"tool " + name, well, u.Hostname() + " is there"}
		if _, err := net.DefaultResolver.LookupHost(ctx, u.Hostname()); err != nil {
			f.State, f.Say = wrong, u.Hostname()+" can't be resolved: the tool fails whenever it is called"
		}
		all = append(all, f)
	}
	return all
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
func clockSkew(ctx context.Context, at string) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, "HEAD", at, nil)
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
