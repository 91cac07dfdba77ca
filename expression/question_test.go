package expression

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestQuestionsThatAreRefused(t *testing.T) {
	good := Question{ID: "frustrated", Type: Noul, Ask: "Does the speaker sound frustrated?"}
	many := func(n int, kind QuestionType) (all []Question) {
		for i := range n {
			all = append(all, Question{ID: "q" + strings.Repeat("x", i), Type: kind, Ask: "?"})
		}
		return all
	}
	for name, c := range map[string]struct {
		list []Question
		want string
	}{
		"no id":               {[]Question{{Type: Noul, Ask: "?"}}, "want 1 to 64 letters"},
		"a bracket in the id": {[]Question{{ID: "a]", Type: Noul, Ask: "?"}}, "want 1 to 64 letters"},
		"no question":         {[]Question{{ID: "a", Type: Noul, Ask: " "}}, "field ask is empty"},
		"a long question":     {[]Question{{ID: "a", Type: Noul, Ask: strings.Repeat("a", 1001)}}, "1001 bytes"},
		"a type nobody knows": {[]Question{{ID: "a", Type: "bool", Ask: "?"}}, "noul, choice, score or span"},
		"options of a noul":   {[]Question{{ID: "a", Type: Noul, Ask: "?", Options: []string{"x", "y"}}}, "must not have options"},
		"one option":          {[]Question{{ID: "a", Type: Choice, Ask: "?", Options: []string{"x"}}}, "2 to 20"},
		"the same level":      {[]Question{{ID: "a", Type: Score, Ask: "?", Options: []string{"x", "x"}}}, "a duplicate"},
		"a bracket":           {[]Question{{ID: "a", Type: Choice, Ask: "?", Options: []string{"x", "]y"}}}, "brackets"},
		"the same id":         {[]Question{good, good}, "duplicate question"},
		"too many":            {many(21, Noul), "at most 20"},
		"too many spans":      {many(6, Span), "at most 5"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := checkQuestions(c.list); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s…", err, c.want)
			}
		})
	}
	if err := checkQuestions(DefaultQuestions()); err != nil {
		t.Error(err)
	}
}

func TestQuestionsOnTheWire(t *testing.T) {
	got := string(wireQuestions([]Question{
		{ID: "z", Type: Noul, Ask: `Does it sound "off"?`},
		{ID: "mood", Type: Choice, Ask: "Which?", Options: []string{"warm", "cold", "angry"}},
		{ID: "a", Type: Score, Ask: "How much?", Options: []string{"low", "high"}},
		{ID: "cough", Type: Span, Ask: "When do they cough?"},
	}))
	want := `{"questions":{"z":{"type":"noul","instructions":"Does it sound \"off\"?"},` +
		`"mood":{"type":"choice","instructions":"Which?","criteria":{"warm":null,"cold":null,"angry":null}},` +
		`"a":{"type":"score","instructions":"How much?","criteria":["low","high"]},` +
		`"cough":{"type":"span","instructions":"When do they cough?"}}}`
	if got != want || !json.Valid([]byte(got)) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	a := &Account{}
	for want, c := range map[string]Config{
		"field Backend":                            {Backend: "evi"},
		"field Account is nil":                     {Backend: Decisions},
		"field Questions: backend measurement":     {Backend: Measurement, Account: a, Questions: DefaultQuestions()},
		"field Threshold":                          {Backend: Decisions, Account: a, Threshold: 1.1},
		"field Wait":                               {Backend: Prosody, Wait: -1},
		`question "": id "": want 1 to 64 letters`: {Backend: Decisions, Account: a, Questions: []Question{{}}},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want …%s…", err, want)
		}
	}
	for want, c := range map[string]AccountConfig{
		"field URL: want":         {URL: "ftp://x", APIKey: key},
		"field URL must not have": {URL: "https://u:p@x", APIKey: key},
		"field APIKey is":         {},
		"field APIKey has":        {APIKey: "a\nb"},
		"field Timeout":           {APIKey: key, Timeout: -1},
		"field Retry":             {APIKey: key, Retry: -1},
		"field PerMinute":         {APIKey: key, PerMinute: -1},
	} {
		if _, err := NewAccount(c); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), key) {
			t.Errorf("got %v, want …%s…", err, want)
		}
	}
}
