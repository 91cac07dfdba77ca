package call

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// What a voice charges for is summed by model, in the call's log and in the metrics, and
// bounded: a service that names a new model each time fills no log.
func TestUsageIsSummed(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	registry := prometheus.NewRegistry()
	h.c.metrics = NewMetrics(registry)
	h.does(agent.Usage{Model: "talk", TextIn: 100, CachedText: 60, AudioIn: 50, CachedAudio: 10, TextOut: 20, AudioOut: 30, USD: 0.25})
	h.does(agent.Usage{Model: "write", Seconds: 1.5})
	h.does(agent.Usage{Model: "talk", TextIn: 1, AudioOut: 2, USD: 0.5})
	voice := h.c.link.voice.Name
	want := []calllog.Usage{
		{Voice: voice, Model: "talk", TextIn: 101, TextCached: 60, TextOut: 20, AudioIn: 50, AudioCached: 10, AudioOut: 32, USD: 0.75},
		{Voice: voice, Model: "write", Seconds: 1.5},
	}
	h.written(t)
	rec, err := shelf.Get(t.Context(), h.c.journal.head.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, rec.Usage); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	for i := range 2 * usagesMost {
		h.does(agent.Usage{Model: fmt.Sprint("model ", i), TextIn: 1})
	}
	if n := len(h.c.journal.head.Usage); n != usagesMost {
		t.Errorf("%d rows, want %d", n, usagesMost)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := map[string]int{}
	for _, f := range families {
		series[f.GetName()] = len(f.GetMetric())
	}
	if tokens, cost := series["patchcord_voice_tokens_total"], series["patchcord_voice_cost_usd_total"]; tokens != 6 || cost != 1 {
		t.Errorf("%d series of tokens and %d of cost, want 6 and 1: a model's name is no label", tokens, cost)
	}
}
