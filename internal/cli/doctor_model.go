package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/realtime"
)

// checkModels tells when the models of a realtime voice end, by the server's own list. Only
// OpenAI's is known to say; what another doesn't list is not spoken of.
func checkModels(ctx context.Context, c *config.Config, name string, d *agent.Realtime, now time.Time) (all []config.Finding) {
	what := "agent " + name + ", model"
	list, err := realtime.Models(ctx, &realtime.DialOptions{Dialect: d.Dialect, URL: d.URL, Model: d.Model, APIKey: d.APIKey, NetDialContext: d.NetDialContext})
	r := c.File.Agents[name].Realtime
	if err != nil && r.AtOpenAI() {
		return []config.Finding{{What: what, State: config.Warning, Say: "can't find out when it ends: " + config.InLine(err)}}
	}
	for _, m := range []struct{ model, key string }{{d.Model, "model"}, {r.Transcription.Model, "transcription"}, {r.VoiceModel, "voice_model"}} {
		at := slices.IndexFunc(list, func(i realtime.ModelInfo) bool { return i.ID == m.model })
		switch {
		case m.model == "":
		case at >= 0:
			all = append(all, modelFinding(c, name, m.key, list[at], now))
		case r.AtOpenAI():
			all = append(all, config.Finding{What: what, State: config.Warning, Say: m.model + " is not a model that this key may use"})
		}
	}
	return all
}

// modelFinding says when a model ends, and where another is set.
func modelFinding(c *config.Config, name, key string, m realtime.ModelInfo, now time.Time) config.Finding {
	f := config.Finding{What: "agent " + name + ", model", State: config.Well, Say: "no announced end date for " + m.ID}
	if m.Shutdown.IsZero() {
		return f
	}
	f.State = config.Warning
	when := "ends on " + m.Shutdown.Format(time.DateOnly)
	switch left := m.Shutdown.Sub(now); {
	case left <= 0:
		f.State, when = config.Wrong, "ended on "+m.Shutdown.Format(time.DateOnly)
	default:
		when += fmt.Sprintf(", in %d day(s)", int(left.Hours()/24)+1)
	}
	f.Say = fmt.Sprintf("%s %s: set another as agents.%s.realtime.%s (%s line %d)", m.ID, when, name, key, c.Config, c.File.Line("agents", name, "realtime", key))
	return f
}
