package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/internal/loopback"
)

// expressionBlock is an agent's `expression:`: how its callers sound, measured beside the
// call.
type expressionBlock struct {
	Backend   string       `yaml:"backend"`
	Empathy   bool         `yaml:"empathy"`
	Threshold *float64     `yaml:"threshold"` // from which empathy names a score
	URL       string       `yaml:"url"`
	Questions questionList `yaml:"questions"`
}

// questionList is a map of ids to questions, in the order of the file: an answer may
// change when questions are reordered.
type questionList []expression.Question

// UnmarshalYAML reads each question: a text alone asks for yes or no.
func (l *questionList) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return l.UnmarshalYAML(n.Alias)
	}
	if n.Kind != yaml.MappingNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: questions: want ids with a question each", n.Line)}}
	}
	*l = nil
	var wrong []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		q, problems := readQuestion(n.Content[i], n.Content[i+1])
		*l = append(*l, q)
		wrong = append(wrong, problems...)
	}
	if wrong != nil {
		return &yaml.TypeError{Errors: wrong}
	}
	return nil
}

func readQuestion(id, n *yaml.Node) (q expression.Question, wrong []string) {
	q.ID = id.Value
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.ScalarNode:
		q.Type, q.Ask = expression.Noul, n.Value
		return q, nil
	case yaml.MappingNode:
	default:
		return q, []string{fmt.Sprintf("line %d: questions.%s: want a question, or type, ask and options", n.Line, id.Value)}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		var err error
		switch key.Value {
		case "type":
			err = value.Decode(&q.Type)
		case "ask":
			err = value.Decode(&q.Ask)
		case "options":
			err = value.Decode(&q.Options)
		default:
			wrong = append(wrong, fmt.Sprintf("line %d: unknown key %s", key.Line, key.Value))
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("line %d: questions.%s.%s: want a text; options are a list of texts",
				key.Line, id.Value, key.Value))
		}
	}
	return q, wrong
}

var expressionBackends = []string{
	string(expression.Decisions), string(expression.Measurement), string(expression.Prosody),
}

// expression checks how an agent's callers are observed.
func (k *checker) expression(name string, e *expressionBlock) {
	if e == nil {
		return
	}
	at := func(path ...string) []string { return append([]string{"agents", name, "expression"}, path...) }
	before := len(k.problems)
	k.oneOf(e.Backend, expressionBackends, at("backend")...)
	switch {
	case e.Backend == "":
		k.wrong("required: decisions, measurement or prosody", at("backend")...)
	case e.Backend == string(expression.Prosody) && e.Empathy:
		k.wrong("prosody measures the voice, not emotions: want decisions or measurement", at("empathy")...)
	case e.Backend != string(expression.Prosody) && k.c.HumeAPIKey == "":
		k.wrong("requires HUME_API_KEY in the environment", at("backend")...)
	}
	if e.Backend != string(expression.Decisions) && len(e.Questions) > 0 {
		k.wrong("only valid with backend: decisions", at("questions")...)
	}
	if t := e.Threshold; t != nil && (*t <= 0 || *t > 1) {
		k.wrong("want more than 0, and 1 at most", at("threshold")...)
	}
	if err := checkExpressionURL(e.URL); err != nil {
		k.wrong(err.Error(), at("url")...)
	}
	for _, q := range e.Questions {
		if err := q.Check(); err != nil {
			k.wrong(err.Error(), at("questions", q.ID)...)
		}
	}
	if len(k.problems) == before { // what concerns the questions together
		if _, err := expression.New(e.config(&expression.Account{})); err != nil {
			k.wrong(err.Error(), at("questions")...)
		}
	}
}

// checkExpressionURL wants where a caller's voice may be sent: https, or http on this
// machine; empty is allowed.
func checkExpressionURL(s string) error {
	if s == "" {
		return nil
	}
	if _, err := expression.NewAccount(expression.AccountConfig{URL: s, APIKey: "-"}); err != nil {
		return errors.New("want only https://host[:port]")
	}
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if u.Scheme == "http" && !loopback.Is(u.Hostname()) {
		return errors.New("http is only allowed for loopback hosts: it would send the caller's voice unencrypted")
	}
	return nil
}

func (e *expressionBlock) config(a *expression.Account) expression.Config {
	c := expression.Config{Backend: expression.Backend(e.Backend), Questions: slices.Clone(e.Questions)}
	if c.Backend != expression.Prosody {
		c.Account = a
	}
	if e.Threshold != nil {
		c.Threshold = *e.Threshold
	}
	return c
}

// Expression makes what observes an agent's callers; nil if nothing does.
func (c *Config) Expression(name string, e *expressionBlock) (*call.Expression, error) {
	if e == nil {
		return nil, nil
	}
	a, err := c.expressionAccount(e)
	if err != nil {
		return nil, c.File.Problem(err.Error(), "agents", name, "expression")
	}
	m, err := expression.New(e.config(a))
	if err != nil {
		return nil, c.File.Problem(err.Error(), "agents", name, "expression")
	}
	return &call.Expression{Meter: m, Empathy: e.Empathy}, nil
}

// expressionAccount is the account at the block's address, which all agents share that
// name the same. What stands in for Hume's API stands in for these services, too.
func (c *Config) expressionAccount(e *expressionBlock) (*expression.Account, error) {
	if e.Backend == string(expression.Prosody) {
		return nil, nil
	}
	address := e.URL
	if address == "" && strings.TrimRight(c.HumeAPIURL, "/") != "https://api.hume.ai" {
		address = c.HumeAPIURL
	}
	if a := c.Accounts[address]; a != nil {
		return a, nil
	}
	a, err := expression.NewAccount(expression.AccountConfig{URL: address, APIKey: c.HumeAPIKey})
	if err != nil {
		return nil, err
	}
	if c.Accounts == nil {
		c.Accounts = map[string]*expression.Account{}
	}
	c.Accounts[address] = a
	return a, nil
}
