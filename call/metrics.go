package call

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/consent"
)

// Metrics are what the calls of a process count. No label ever names a person
// or a call.
type Metrics struct {
	live       prometheus.Gauge
	calls      *prometheus.CounterVec // direction, outcome
	refused    *prometheus.CounterVec // why
	added      [2]prometheus.Observer
	firstAudio prometheus.Histogram
	bargeIn    prometheus.Histogram
	reconnects prometheus.Counter
	handshakes *prometheus.CounterVec   // agent, voice, result
	tools      *prometheus.HistogramVec // tool, result
	malformed  *prometheus.CounterVec   // from
	decisions  *prometheus.CounterVec   // outcome
	failures   *prometheus.CounterVec   // rule
	unrecorded prometheus.Counter
	tokens     *prometheus.CounterVec   // voice, kind
	cost       *prometheus.CounterVec   // voice
	routes     *prometheus.HistogramVec // result
}

// The two ways in which the bridge adds time.
type direction int

const (
	uplinkAdded direction = iota
	downlinkAdded
)

// NewMetrics registers the calls' metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	fast := []float64{.0001, .00025, .0005, .001, .002, .005, .01, .025, .05, .1, .25, 1}
	slow := []float64{.1, .25, .5, .75, 1, 1.5, 2, 3, 5, 8, 15, 30}
	added := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "patchcord_added_latency_seconds",
		Help: "Time from reading a message on one side to having written its sound on the other.", Buckets: fast}, []string{"direction"})
	m := &Metrics{
		live: prometheus.NewGauge(prometheus.GaugeOpts{Name: "patchcord_calls_live", Help: "Calls that this instance carries or is about to: each holds an agent."}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_calls_total", Help: "Calls that have ended."},
			[]string{"direction", "outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_calls_refused_total",
			Help: "Calls and media streams that were not taken."}, []string{"why"}),
		firstAudio: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "patchcord_first_audio_seconds",
			Help: "Time from the answer to the first sound that is sent to the caller: the opening, its clip too, or the agent. A holding line does not count.", Buckets: slow}),
		bargeIn: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "patchcord_barge_in_clear_seconds",
			Help: "Time from reading the agent's word that it was interrupted to having written clear.", Buckets: fast}),
		reconnects: prometheus.NewCounter(prometheus.CounterOpts{Name: "patchcord_agent_reconnects_total",
			Help: "Agents that were connected again in the middle of a call."}),
		handshakes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_voice_handshakes_total",
			Help: "Handshakes with voices."}, []string{"agent", "voice", "result"}),
		tools: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "patchcord_tool_seconds",
			Help: "Time a tool took.", Buckets: slow}, []string{"tool", "result"}),
		malformed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_malformed_messages_total",
			Help: "Messages that could not be read and were ignored."}, []string{"from"}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_gate_decisions_total",
			Help: "Decisions of the consent gate about calls: before they are placed, and when they are answered."}, []string{"outcome"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_gate_rule_failures_total",
			Help: "Rules that stood in a call's way, each once a decision."}, []string{"rule"}),
		unrecorded: prometheus.NewCounter(prometheus.CounterOpts{Name: "patchcord_recording_lost_seconds_total",
			Help: "Sound that is missing from recordings, since the disk was too slow or full, or the sound came too late."}),
		routes: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "patchcord_route_seconds",
			Help: "Time to learn who answers a call, where an endpoint is asked, by result: answered, or slow, wrong and gone, after which the default agent answers.", Buckets: slow}, []string{"result"}),
	}
	m.tokens = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_voice_tokens_total",
		Help: "Tokens that voices charged for. Those read from a cache are of their own kind."}, []string{"voice", "kind"})
	m.cost = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "patchcord_voice_cost_usd_total",
		Help: "What voices cost, estimated by the table of prices."}, []string{"voice"})
	r.MustRegister(m.tokens, m.cost, m.live, m.calls, m.refused, added, m.firstAudio, m.bargeIn, m.reconnects, m.handshakes, m.tools, m.malformed, m.decisions, m.failures, m.unrecorded, m.routes)
	m.added = [2]prometheus.Observer{added.WithLabelValues("uplink"), added.WithLabelValues("downlink")}
	return m
}

// tokenKinds are the kinds of tokens that voices charge for.
var tokenKinds = []string{"text_in", "text_cached", "text_out", "audio_in", "audio_cached", "audio_out"}

// charge counts what a voice charges for. The model is no label: its name is free text.
func (m *Metrics) charge(voice string, u agent.Usage) {
	for i, n := range []int{u.TextIn - u.CachedText, u.CachedText, u.TextOut, u.AudioIn - u.CachedAudio, u.CachedAudio, u.AudioOut} {
		if n > 0 {
			m.tokens.WithLabelValues(voice, tokenKinds[i]).Add(float64(n))
		}
	}
	m.cost.WithLabelValues(voice).Add(max(0, u.USD))
}

// decided counts a decision of the gate. The rules are those of the catalogue: there is
// an end of them.
func (m *Metrics) decided(d consent.Decision) {
	m.decisions.WithLabelValues(string(d.Outcome)).Inc()
	counted := map[string]bool{}
	for _, r := range d.Failing() {
		if !counted[r.Rule] {
			counted[r.Rule] = true
			m.failures.WithLabelValues(r.Rule).Inc()
		}
	}
}

// measure notes what the bridge added to the way of one message.
func (m *Metrics) measure(in *leg.Histogram, d direction, took time.Duration) {
	m.added[d].Observe(took.Seconds())
	in.Note(took)
}

// heardFirst notes, once a call, when the caller first heard anything.
func (q *quality) heardFirst(m *Metrics, first time.Time, answered *time.Time) {
	if q.firstAudioSent || first.IsZero() {
		return
	}
	q.firstAudioSent = true
	m.firstAudio.Observe(max(0, first.Sub(*answered)).Seconds())
}
