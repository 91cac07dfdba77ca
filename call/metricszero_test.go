package call

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/agent"
)

// counting is a registry that counts what is registered.
type counting struct {
	*prometheus.Registry
	n int
}

func (c *counting) MustRegister(list ...prometheus.Collector) {
	c.n += len(list)
	c.Registry.MustRegister(list...)
}

// Every metric is there before anything happens: a first failure is a rise from 0.
func TestMetricsBeginAtZero(t *testing.T) {
	t.Parallel()
	c := &counting{Registry: prometheus.NewRegistry()}
	New(Config{Metrics: NewMetrics(c), Profiles: map[string]*Profile{"support": {Name: "support", Voices: []*Voice{NewVoice("evi", NewPuppets())}}}})
	families, err := c.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		names = append(names, f.GetName())
		for _, m := range f.GetMetric() {
			if m.GetCounter().GetValue() != 0 || m.GetHistogram().GetSampleCount() != 0 {
				t.Errorf("%s begins as %v", f.GetName(), m)
			}
		}
	}
	if len(families) != c.n {
		t.Errorf("of %d metrics %d have a series: %v", c.n, len(families), names)
	}
}

// The first sound is the opening's clip or the agent, and not what holds the line.
func TestFirstSound(t *testing.T) {
	t.Parallel()
	h := makeHand(t, NewWriterTo(t, shelf), Limits{}, &Opening{Text: "This is an AI.", Clip: make([]byte, 8000)})
	t.Cleanup(h.leave)
	if !h.c.quality.firstAudioSent {
		t.Error("the clip does not count")
	}

	h = makeHand(t, NewWriterTo(t, shelf), Limits{}, nil)
	t.Cleanup(h.leave)
	h.pass(3 * time.Second)
	if h.c.holding == nil {
		t.Fatal("the line is not held")
	}
	if h.c.quality.firstAudioSent {
		t.Error("the holding line counts")
	}
	h.answer(nil)
	h.does(agent.Audio{Segment: "a", ULaw: make([]byte, 800)})
	if !h.c.quality.firstAudioSent {
		t.Error("the agent does not count")
	}
}
