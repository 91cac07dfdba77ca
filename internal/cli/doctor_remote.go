package cli

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

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/twilio"
)

// privateServer looks whether a private Postgres runs, or could be started. It starts none.
func privateServer(ctx context.Context, c *config.Config) config.Finding {
	const more = "; set DATABASE_URL for more than one instance"
	if err := service.Writable(c.DataDir); err != nil {
		return config.Finding{What: "database", State: config.Wrong, Say: "BRIDGE_DATA_DIR: " + config.InLine(err)}
	}
	if _, err := pgserver.FindPrivate(c.DataDir); err == nil {
		return config.Finding{What: "database", State: config.Warning, Say: "the service runs a private Postgres in " + c.DataDir + more}
	}
	if err := pgserver.CanStartPrivate(ctx, c.DataDir); err != nil {
		return config.Finding{What: "database", State: config.Wrong, Say: config.InLine(err)}
	}
	return config.Finding{What: "database", State: config.Warning, Say: "serve starts a private Postgres in " + c.DataDir + more}
}

// checkTwilio asks Twilio whether the credentials are good, and whether each
// number sends its calls here. With --fix those that don't are made to.
func (d *doctorCmd) checkTwilio(ctx context.Context, c *config.Config) []config.Finding {
	if c.TwilioAccountSID == "" || len(c.AuthTokens()) == 0 || c.InTheClear(c.TwilioAPIURL) != nil {
		return nil // the configuration's check has said so
	}
	client, err := service.TwilioClient(c)
	if err != nil {
		return []config.Finding{{What: "Twilio", State: config.Wrong, Say: config.InLine(err)}}
	}
	status, err := client.Account(ctx)
	if said, _ := config.OfNetwork(err); said != "" {
		return []config.Finding{{What: "Twilio", State: config.Wrong, Say: "not reachable: " + config.InLine(err)}}
	}
	if err != nil {
		return []config.Finding{{What: "Twilio", State: config.Wrong, Say: "can't read the account with these credentials: " + config.InLine(err)}}
	}
	all := []config.Finding{{What: "Twilio", State: config.Well, Say: "the account is " + status}}
	if status != "active" {
		all[0].State = config.Wrong
	}
	for i, n := range slices.Sorted(maps.Keys(c.File.Numbers)) {
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
func (d *doctorCmd) checkNumber(ctx context.Context, client *twilio.Client, number phone.Number, base string) config.Finding {
	what := "number " + number.String()
	set, found, err := client.IncomingNumber(ctx, number)
	switch {
	case err != nil:
		return config.Finding{What: what, State: config.Warning, Say: config.InLine(err)}
	case !found:
		return config.Finding{What: what, State: config.Wrong, Say: "not in the account"}
	case base == "":
		return config.Finding{What: what, State: config.Warning, Say: "PUBLIC_URL is not set, so its webhooks can't be checked"}
	}
	want := twilio.IncomingNumber{SID: set.SID, VoiceURL: base + "/twilio/voice", VoiceMethod: http.MethodPost,
		StatusCallback: base + "/twilio/status", SMSURL: base + "/twilio/sms"}
	f := config.Finding{What: what, State: config.Well, Say: "its calls and texts arrive here"}
	switch {
	case set.VoiceURL != want.VoiceURL || set.VoiceMethod != want.VoiceMethod:
		f.State, f.Say = config.Wrong, "set its voice webhook to POST "+want.VoiceURL
	case set.StatusCallback != want.StatusCallback:
		f.State, f.Say = config.Warning, "set its status callback to "+want.StatusCallback+", which reports callers who hang up early"
	case set.SMSURL != want.SMSURL:
		f.State, f.Say = config.Warning, "set its messaging webhook to POST "+want.SMSURL+": people answer STOP by text, which must end the calls, too"
	}
	if f.State == config.Well || !d.Fix {
		if f.State != config.Well {
			f.Say += " (bridge doctor --fix does it)"
		}
		return f
	}
	if err := config.CheckPublicURL(base); err != nil {
		return config.Finding{What: what, State: config.Wrong, Say: "its webhooks are unchanged: PUBLIC_URL: " + config.InLine(err)}
	}
	if err := client.SetIncomingNumber(ctx, want); err != nil {
		return config.Finding{What: what, State: config.Wrong, Say: "its webhooks could not be set: " + config.InLine(err)}
	}
	return config.Finding{What: what, State: config.Well, Say: fmt.Sprintf("webhooks set; its calls went to %q before", set.VoiceURL)}
}

// checkPublic asks the service by its public address.
func checkPublic(ctx context.Context, c *config.Config) []config.Finding {
	if c.PublicURL == "" || config.CheckPublicURL(c.PublicURL) != nil {
		return nil // the configuration's check has said so
	}
	return []config.Finding{reachable(ctx, strings.TrimRight(c.PublicURL, "/"))}
}

// checkHosts tells whether the hosts of the tools are there. No tool is run.
func checkHosts(ctx context.Context, c *config.Config) (all []config.Finding) {
	for _, name := range slices.Sorted(maps.Keys(c.File.Tools)) {
		t := c.File.Tools[name]
		if t.HTTP == nil {
			continue
		}
		u, err := url.Parse(t.HTTP.URL)
		if err != nil || u.Hostname() == "" {
			continue // the configuration's check has said so
		}
		f := config.Finding{What: "tool " + name, State: config.Well, Say: u.Hostname() + " resolves"}
		if _, err := net.DefaultResolver.LookupHost(ctx, u.Hostname()); err != nil {
			f.State, f.Say = config.Wrong, u.Hostname()+" can't be resolved: the tool fails whenever it is called"
		}
		all = append(all, f)
	}
	return all
}

// reachable asks the service by its public address.
func reachable(ctx context.Context, base string) config.Finding {
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/healthz", nil)
	if err != nil {
		return config.Finding{What: "PUBLIC_URL", State: config.Wrong, Say: config.InLine(err)}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return config.Finding{What: "PUBLIC_URL", State: config.Warning, Say: base + " does not answer. Is the service running and reachable?"}
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return config.Finding{What: "PUBLIC_URL", State: config.Wrong, Say: fmt.Sprintf("%s/healthz answers %d: this is another program", base, res.StatusCode)}
	}
	return config.Finding{What: "PUBLIC_URL", State: config.Well, Say: base + " answers"}
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
