package service

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/expression/expressiontest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// withExpression is the least bridge.yaml whose agent has an expression block.
func withExpression(lines string) string {
	return "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    expression:\n      " +
		strings.ReplaceAll(lines, "\n", "\n      ") + "\n"
}

func TestExpressionProblems(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		want []string
	}{
		"no backend": {"empathy: true", []string{"line 6: agents.a.expression.backend: required"}},
		"another backend": {"backend: evi", []string{
			"line 7: agents.a.expression.backend: want one of decisions, measurement, prosody"}},
		"measures as a mood": {"backend: prosody\nempathy: true", []string{
			"line 8: agents.a.expression.empathy: prosody measures the voice"}},
		"questions of measurement": {"backend: measurement\nquestions: {angry: \"Do they sound angry?\"}",
			[]string{"agents.a.expression.questions: only valid with backend: decisions"}},
		"a threshold": {"backend: decisions\nthreshold: 1.5", []string{"agents.a.expression.threshold: want more than 0"}},
		"plain http": {"backend: decisions\nurl: http://hume.example",
			[]string{"agents.a.expression.url: http is only allowed for loopback hosts"}},
		"a path": {"backend: decisions\nurl: https://hume.example/v0", []string{
			"agents.a.expression.url: want only https://host"}},
		"wrong questions": {"backend: decisions\nquestions:\n  mood: {type: choice, ask: Which mood, options: [one]}\n" +
			"  x: {type: yes, ask: Hm}\n  y: {ask: What, colour: red}\n  z: [1]",
			[]string{"line 9: agents.a.expression.questions.mood: field options has 1",
				"line 10: agents.a.expression.questions.x: field type",
				"line 11: unknown key colour", "line 12: questions.z: want a question"}},
		"no question": {"backend: decisions\nquestions: none", []string{"line 8: questions: want ids with a question each"}},
		"too many spans": {"backend: decisions\nquestions:\n" + spans(6),
			[]string{"agents.a.expression.questions: expression: 6 questions of type span: want at most 5"}},
		"an unknown key": {"backend: prosody\ntreshold: 1", []string{"line 8: unknown key treshold"}},
	} {
		t.Run(name, func(t *testing.T) {
			configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": withExpression(c.yaml)})
			_, err := config.Load()
			if err == nil {
				t.Fatal("it is taken")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%v", want, err)
				}
			}
		})
	}
	t.Run("no key", func(t *testing.T) {
		configtest.In(t, map[string]string{".env": strings.ReplaceAll(configtest.EnoughEnv, "HUME_API_KEY=key\n", ""),
			"bridge.yaml": withExpression("backend: decisions")})
		want := "agents.a.expression.backend: requires HUME_API_KEY"
		if _, err := config.Load(); err == nil || !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
	})
}

func spans(n int) string {
	var all []string
	for i := range n {
		all = append(all, "  q"+strings.Repeat("x", i)+": {type: span, ask: When}")
	}
	return strings.Join(all, "\n")
}

// What bridge.yaml asks for is what the service is asked, in the order of the file.
func TestExpressionIsObservedAsConfigured(t *testing.T) {
	s := expressiontest.New("key")
	defer s.Close()
	s.Answer(map[string]any{"tense": 0.7, "mood": map[string]any{"choice": "cold", "confidence": 0.4}})
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": withExpression("backend: decisions\nempathy: true\n" +
		"threshold: 0.65\nurl: " + s.URL() + "\nquestions:\n  tense: Does the speaker sound tense?\n" +
		"  mood: {type: choice, ask: \"Which mood?\", options: [warm, cold]}")})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRegistry(c)
	if err != nil {
		t.Fatal(err)
	}
	all, err := NewProfiles(c, r, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	e := all["a"].Expression
	if e == nil || !e.Empathy {
		t.Fatalf("got %+v", e)
	}
	o := e.Meter.Observe()
	now := time.Now()
	o.Caller(expressiontest.Voice{Pitch: 150, Syllables: 4}.Say(1500*time.Millisecond), now)
	o.End(1, now)
	o.Close(5 * time.Second)
	result := <-o.Results()
	want := expression.Result{Turn: 1, At: result.At, Source: expression.SourceDecisions, Context: "[sounds tense, 0.70]",
		Scores: map[string]float64{"tense": 0.7, "mood": 0.4}, Labels: map[string]string{"mood": "cold"}}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"tense", "mood"}, s.Clips()[0].Order); diff != "" {
		t.Error(diff)
	}
	for _, a := range c.Accounts {
		a.Close()
	}
}

func TestAgentsWithoutExpressionAreNotObserved(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": configtest.EnoughYAML})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	if e, err := c.Expression("a", c.File.Agents["a"].Expression); e != nil || err != nil {
		t.Errorf("got %+v, %v", e, err)
	}
}
