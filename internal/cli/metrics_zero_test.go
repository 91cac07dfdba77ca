package cli

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
)

// metrics is what the service shows to Prometheus.
func (b *bench) metrics() string {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), "GET", "http://"+b.s.Listener.Addr().String()+"/metrics", nil)
	if err != nil {
		b.Fatal(err)
	}
	c, err := config.Load()
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.APIToken)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		b.Fatalf("GET /metrics: %s, %v", r.Status, err)
	}
	return string(body)
}

// vector finds where a metric with labels is made.
var vector = regexp.MustCompile(`prometheus\.New\w+Vec\(prometheus\.\w+Opts\{\s*Name: "(\w+)"`)

// A series as Prometheus reads it, and a label of one.
var (
	series = regexp.MustCompile(`^(\w+)\{(.*)\} (\S+)`)
	label  = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// vectors are all metrics with labels that the program has.
func vectors(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("../../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := filepath.Glob("../../internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, inside...)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range vector.FindAllStringSubmatch(string(b), -1) {
			names = append(names, m[1])
		}
	}
	return names
}

// combined is every series of a metric: each label has each of its values, which are given as "label=a b c".
func combined(labels ...string) []string {
	all := []string{""}
	for _, l := range labels {
		name, values, _ := strings.Cut(l, "=")
		var more []string
		for _, before := range all {
			for _, v := range strings.Fields(values) {
				more = append(more, strings.TrimPrefix(before+" "+name+"="+v, " "))
			}
		}
		all = more
	}
	return all
}

// Of every metric with labels all series are there when the service has begun, at 0: one that appeared with its first
// failure would show no rise.
func TestEverySeriesBeginsAtZero(t *testing.T) {
	names := vectors(t) // before the folder changes
	b := servingWith(t, strings.Replace(benchYAML, "purpose: informational}", "purpose: informational, tools: [look]}", 1)+
		"tools:\n  look: {description: Looks., http: {url: \"http://127.0.0.1:1/\"}}\nmcp:\n  calendar: {url: \"http://127.0.0.1:1/\"}\n", evitest.Script())
	shown := b.metrics()
	agents, rules := "agent=reminders harbor", "rule="+strings.Join(consent.Rules(), " ")
	want := map[string][]string{
		"patchcord_added_latency_seconds":    combined("direction=uplink downlink"),
		"patchcord_calls_total":              combined("direction=inbound outbound", "outcome="+strings.Join(calllog.Outcomes, " ")),
		"patchcord_calls_refused_total":      combined("why=unknown_number capacity draining caller_limit number_limit stream"),
		"patchcord_voice_handshakes_total":   combined(agents, "result=ok failed", "voice=evi"),
		"patchcord_tool_seconds":             append(combined("result=ok error", "tool=look"), "result=error tool=unknown"),
		"patchcord_malformed_messages_total": combined("from=caller agent"),
		"patchcord_gate_decisions_total":     combined("outcome=allow defer hold deny"),
		"patchcord_gate_rule_failures_total": combined(rules),
		"patchcord_route_seconds":            combined("result=answered slow wrong gone"),
		"patchcord_voice_tokens_total":       combined("kind=text_in text_cached text_out audio_in audio_cached audio_out", "voice=evi"),
		"patchcord_voice_cost_usd_total":     combined("voice=evi"),
		"patchcord_requests_refused_total":   combined("by=signature token guess right hume connections"),
		"patchcord_hume_webhooks_total":      combined("event=chat_started chat_ended tool_call other"),
		"patchcord_mcp_up":                   combined("server=calendar"),
		"patchcord_build_info":               nil, // the version is known to nobody else
	}
	for _, name := range names {
		if _, ok := want[name]; !ok {
			t.Errorf("what are the series of %s?", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		var have []string
		for line := range strings.Lines(shown) {
			m := series.FindStringSubmatch(line)
			if m == nil || m[1] != name && m[1] != name+"_count" {
				continue
			}
			var labels []string
			for _, l := range label.FindAllStringSubmatch(m[2], -1) {
				labels = append(labels, l[1]+"="+l[2])
			}
			slices.Sort(labels)
			if have = append(have, strings.Join(labels, " ")); m[3] != "0" && want[name] != nil {
				t.Errorf("it begins otherwise: %s", line)
			}
		}
		slices.Sort(have)
		slices.Sort(want[name])
		if want[name] != nil && !slices.Equal(have, want[name]) {
			t.Errorf("%s has\n%s\nwant\n%s", name, fmt.Sprint(have), fmt.Sprint(want[name]))
		}
	}
}
