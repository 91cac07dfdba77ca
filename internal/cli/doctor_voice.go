package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

// Bounds of looking at voices.
const (
	voiceWait    = 10 * time.Second // for a handshake: a server of one's own may load its model first
	voicesAtOnce = 8                // handshakes at once
	maxReady     = 1 << 20          // bytes of /readyz
)

// checkVoices opens a conversation with each voice of each agent and ends it at once: that
// the address, the key and the configuration are good can't be seen otherwise.
func checkVoices(ctx context.Context, c *config.Config) []config.Finding {
	r, err := service.NewRegistry(c)
	if err != nil {
		return nil // said already
	}
	profiles, err := service.NewProfiles(c, r, zerolog.Nop())
	if err != nil {
		return nil
	}
	var checks []func() []config.Finding
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		for _, v := range profiles[name].Voices {
			checks = append(checks, func() []config.Finding { return checkVoice(ctx, c, name, v) })
		}
	}
	found := make([][]config.Finding, len(checks))
	turns := make(chan struct{}, voicesAtOnce)
	var asking sync.WaitGroup
	for i, check := range checks {
		asking.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			found[i] = check()
		})
	}
	asking.Wait()
	return append(slices.Concat(found...), servedVoices(ctx, strings.TrimRight(c.PublicURL, "/"))...)
}

// checkVoice tells whether one voice answers, and what is known of its end.
func checkVoice(ctx context.Context, c *config.Config, name string, v *call.Voice) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, voiceWait)
	defer cancel()
	a, err := v.Dialer.Dial(ctx, agent.Session{CallSID: "doctor"})
	if err == nil {
		a.Close()
	}
	all := []config.Finding{voiceFinding(c, name, v.Name, err, time.Now())}
	if d, ok := v.Dialer.(*agent.Realtime); ok {
		all = append(all, checkModels(ctx, c, name, d, time.Now())...)
	}
	return all
}

// voiceFinding says what came of a handshake.
func voiceFinding(c *config.Config, name, voice string, err error, now time.Time) config.Finding {
	f := config.Finding{What: "agent " + name + ", voice " + voice, State: config.Well, Say: "reachable"}
	switch voice {
	case config.VoiceEVI:
		f.Say += " at " + c.HumeAPIURL
	case config.VoiceRealtime:
		f.Say += " at " + addressHost(c.RealtimeAddress(c.File.Agents[name].Realtime))
	}
	if err != nil {
		f.State, f.Say = config.Wrong, config.InLine(err)
	}
	sunset := ""
	if voice == config.VoiceEVI {
		sunset = c.EVISunset(now)
	}
	if sunset == "" {
		return f
	}
	if err == nil {
		f.State = config.Warning
	}
	f.Say += ". " + strings.ToUpper(sunset[:1]) + sunset[1:] + ". To change the voice, change one line: " + c.OtherVoice(name)
	return f
}

// addressHost is an address without what may be secret in it.
func addressHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// servedVoices is which voices fail in the running service, by its own count.
func servedVoices(ctx context.Context, base string) (all []config.Finding) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
	if err != nil {
		return nil
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil // reachable says so
	}
	defer res.Body.Close()
	var ready struct {
		Voices []call.VoiceState `json:"voices"`
	}
	if json.NewDecoder(io.LimitReader(res.Body, maxReady)).Decode(&ready) != nil {
		return nil
	}
	for _, v := range ready.Voices {
		if v.Failures == 0 {
			continue
		}
		f := config.Finding{What: "agent " + v.Agent + ", voice " + v.Voice, State: config.Warning, Say: fmt.Sprintf("the running service's last %d handshake(s) with it failed", v.Failures)}
		if v.Last {
			f.Say += ": for now it is tried last"
		}
		all = append(all, f)
	}
	return all
}
