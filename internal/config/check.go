package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// The words that bridge.yaml knows.
var (
	Purposes   = []string{"informational", "telemarketing", "emergency", "healthcare_hipaa", "package_delivery", "financial_alert", "nonprofit", "debt_collection", "research", "political"}
	voicemails = []string{"hang_up", "leave_message"}
	plainName  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
)

// Bounds of texts in bridge.yaml.
const (
	maxOpeningLength = 1000 // bytes: about a minute
	maxSayLength     = 1000
)

// Bounds of how long a call that broke is remembered: less than a minute nobody calls again in,
// and after a day it is another conversation.
const (
	rememberLeast = time.Minute
	maxRemember   = 24 * time.Hour
)

// checker collects the problems of bridge.yaml.
type checker struct {
	c        *Config
	f        *File
	about    func(path ...string) bool // nil for all of it
	problems []error
}

func (k *checker) wrong(text string, path ...string) {
	if k.about != nil && !k.about(path...) || k.f.said(strings.Join(path, ".")) {
		return
	}
	k.problems = append(k.problems, k.f.Problem(text, path...))
}

// oneOf holds a value to a list of words; empty is allowed.
func (k *checker) oneOf(v string, words []string, path ...string) {
	if v != "" && !slices.Contains(words, v) {
		k.wrong("want one of "+strings.Join(words, ", "), path...)
	}
}

// number holds a value to E.164; empty is allowed.
func (k *checker) number(v string, path ...string) {
	if v == "" {
		return
	}
	if _, err := phone.Parse(v); err != nil {
		k.wrong(`want a number such as "+14155550123"`, path...)
	}
}

// exists holds a value to a file that can be read; empty is allowed.
func (k *checker) exists(v string, path ...string) {
	if v == "" {
		return
	}
	if _, err := os.Stat(k.c.Path(v)); err != nil {
		k.wrong("file not found", path...)
	}
}

// CheckFile finds everything that is wrong with bridge.yaml, or with the places of it that are asked about.
func (c *Config) CheckFile(about func(path ...string) bool) []error {
	k := &checker{c: c, f: c.File, about: about}
	for _, name := range slices.Sorted(maps.Keys(c.File.Sellers)) {
		k.seller(name, c.File.Sellers[name])
	}
	k.entities()
	if len(c.File.Agents) == 0 {
		k.wrong("want at least one agent", "agents")
	}
	for _, name := range slices.Sorted(maps.Keys(c.File.Agents)) {
		k.agent(name, c.File.Agents[name])
	}
	for _, n := range slices.Sorted(maps.Keys(c.File.Numbers)) {
		k.answering(n, c.File.Numbers[n])
	}
	for _, name := range slices.Sorted(maps.Keys(c.File.Tools)) {
		k.tool(name, c.File.Tools[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.File.MCP)) {
		k.server(name, c.File.MCP[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.File.Lookups)) {
		k.lookup(name, c.File.Lookups[name])
	}
	if about != nil && !about("policy") {
		return k.problems
	}
	before := len(k.problems)
	if k.exists(c.File.Policy, "policy"); len(k.problems) == before {
		k.policy()
	}
	return k.problems
}

// policy holds the policy file to what a policy may say.
func (k *checker) policy() {
	_, err := k.c.Policy()
	var bad *Error
	if errors.As(err, &bad) {
		k.problems = append(k.problems, bad.Problems...)
	} else if err != nil {
		k.wrong(err.Error(), "policy")
	}
}

func (k *checker) seller(name string, s Seller) {
	if !plainName.MatchString(name) {
		k.wrong("want lower-case letters, digits, - and _ in the name, at most 64", "sellers", name)
	}
	if s.LegalName == "" {
		k.wrong("required", "sellers", name, "legal_name")
	} else if consent.LegalEntity(s.LegalName) == "" { // all such would be one legal person
		k.wrong("contains no letter or digit", "sellers", name, "legal_name")
	}
	k.number(s.CallbackNumber, "sellers", name, "callback_number")
	k.number(s.TollfreeOptout, "sellers", name, "tollfree_optout")
	k.number(s.TextsFrom, "sellers", name, "texts_from")
}

// Bounds of what it takes to interrupt an agent.
const (
	interruptAfterLeast = 50 * time.Millisecond
	maxInterruptAfter   = 2 * time.Second
	maxInterruptWords   = 10
)

func (k *checker) agent(name string, a AgentBlock) {
	at := func(path ...string) []string { return append([]string{"agents", name}, path...) }
	if !plainName.MatchString(name) {
		k.wrong("want lower-case letters, digits, - and _ in the name, at most 64", at()...)
	}
	if _, ok := k.f.Sellers[a.Seller]; !ok {
		k.wrong("unknown seller", at("seller")...)
	}
	k.voices(name, a)
	if r := a.EVI.InputRate; r != 0 && (r < 8000 || r > 48000) {
		k.wrong("want 8000 to 48000 Hz", at("evi", "input_rate")...)
	}
	if d := a.Interruption.After; d != nil && (*d < interruptAfterLeast || *d > maxInterruptAfter) {
		k.wrong("want 50ms to 2s", at("interruption", "after")...)
	}
	if n := a.Interruption.Words; n != nil && (*n < 1 || *n > maxInterruptWords) {
		k.wrong("want 1 to 10 words", at("interruption", "words")...)
	}
	k.budgets(name, a.Budgets)
	for v, value := range a.Variables {
		switch value.(type) {
		case string, bool, int, int64, float64:
			if err := agent.CheckVariable(v, fmt.Sprint(value)); err != nil {
				k.wrong(err.Error(), at("variables", v)...)
			}
		default:
			k.wrong("want a string, a number or a boolean", at("variables", v)...)
		}
	}
	if o := a.Opening; o != nil && (strings.TrimSpace(o.Text) == "" || len(o.Text) > maxOpeningLength) {
		k.wrong(fmt.Sprintf("want 1 to %d bytes: a clip needs its text, too", maxOpeningLength), at("opening", "text")...)
	} else if o != nil {
		k.exists(o.Clip, at("opening", "clip")...)
	}
	k.exists(a.PromptFile, at("prompt_file")...)
	k.transfers(name, a)
	k.expression(name, a.Expression)
	k.number(a.Fallback.Dial, at("fallback", "dial")...)
	if len(a.Fallback.Say) > maxSayLength {
		k.wrong(fmt.Sprintf("want at most %d bytes", maxSayLength), at("fallback", "say")...)
	}
	k.limits(a.Limits, at)
	k.oneOf(a.Purpose, Purposes, at("purpose")...)
	k.oneOf(a.Voicemail, voicemails, at("voicemail")...)
	if d := a.Remember; d != 0 && (d < rememberLeast || d > maxRemember) {
		k.wrong(fmt.Sprintf("%v: want 1m to 24h, such as 15m", d), at("remember")...)
	}
	for i, t := range a.Tools {
		if !k.known(t) {
			k.wrong("unknown tool "+t, at("tools", fmt.Sprint(i))...)
		}
	}
}

// headers holds each ${NAME} to something that the environment has.
func (k *checker) headers(headers map[string]string, path ...string) {
	for _, h := range slices.Sorted(maps.Keys(headers)) {
		for _, m := range envName.FindAllStringSubmatch(headers[h], -1) {
			if k.c.Vars[m[1]] == "" {
				k.wrong("the environment has no "+m[1], append(slices.Clone(path), h)...)
			}
		}
	}
}
