package bridge

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/tools"
)

// The words that bridge.yaml knows.
var (
	voices     = []string{"evi", "realtime"}
	purposes   = []string{"informational", "telemarketing", "emergency", "healthcare_hipaa", "package_delivery", "financial_alert", "nonprofit", "debt_collection", "research", "political"}
	voicemails = []string{"hang_up", "leave_message"}
	builtins   = []string{"end_call", "transfer_call", "send_digits", "collect_digits", "stop_calling", "take_message", "schedule_callback", "pause_recording", "resume_recording"}
	plainName  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
	envName    = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)
)

// Bounds of texts in bridge.yaml.
const (
	openingLongest = 1000 // bytes: about a minute
	sayLongest     = 1000
	toolSlowest    = 5 * time.Minute
)

// checker collects the problems of bridge.yaml.
type checker struct {
	c        *config
	f        *file
	problems []error
}

func (k *checker) wrong(text string, path ...string) {
	k.problems = append(k.problems, k.f.problem(text, path...))
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
	if _, err := os.Stat(k.c.path(v)); err != nil {
		k.wrong("there is no such file", path...)
	}
}

// checkFile finds everything that is wrong with bridge.yaml.
func (c *config) checkFile() []error {
	k := &checker{c: c, f: c.file}
	for _, name := range slices.Sorted(maps.Keys(c.file.Sellers)) {
		k.seller(name, c.file.Sellers[name])
	}
	if len(c.file.Agents) == 0 {
		k.wrong("at least one agent is needed", "agents")
	}
	for _, name := range slices.Sorted(maps.Keys(c.file.Agents)) {
		k.agent(name, c.file.Agents[name])
	}
	for _, n := range slices.Sorted(maps.Keys(c.file.Numbers)) {
		k.number(n, "numbers", n)
		if _, ok := c.file.Agents[c.file.Numbers[n]]; !ok {
			k.wrong("there is no agent of that name", "numbers", n)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.file.Tools)) {
		k.tool(name, c.file.Tools[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.file.MCP)) {
		m := c.file.MCP[name]
		if (m.URL == "") == (len(m.Command) == 0) {
			k.wrong("want either url or command", "mcp", name)
		}
	}
	before := len(k.problems)
	if k.exists(c.file.Policy, "policy"); len(k.problems) == before {
		k.policy()
	}
	return k.problems
}

// policy holds the policy file to what a policy may say.
func (k *checker) policy() {
	_, err := k.c.policy()
	var bad *configError
	if errors.As(err, &bad) {
		k.problems = append(k.problems, bad.problems...)
	} else if err != nil {
		k.wrong(err.Error(), "policy")
	}
}

func (k *checker) seller(name string, s seller) {
	if !plainName.MatchString(name) {
		k.wrong("want lower-case letters, digits, - and _ in the name, at most 64", "sellers", name)
	}
	if s.LegalName == "" {
		k.wrong("it is required", "sellers", name, "legal_name")
	}
	k.number(s.CallbackNumber, "sellers", name, "callback_number")
	k.number(s.TollfreeOptout, "sellers", name, "tollfree_optout")
}

func (k *checker) agent(name string, a agentBlock) {
	at := func(path ...string) []string { return append([]string{"agents", name}, path...) }
	if !plainName.MatchString(name) {
		k.wrong("want lower-case letters, digits, - and _ in the name, at most 64", at()...)
	}
	if _, ok := k.f.Sellers[a.Seller]; !ok {
		k.wrong("there is no seller of that name", at("seller")...)
	}
	k.oneOf(a.Voice, voices, at("voice")...)
	switch {
	case a.Voice == "realtime":
		k.wrong("this version speaks evi only", at("voice")...)
	case k.c.HumeAPIKey == "":
		k.wrong("an agent with voice: evi needs HUME_API_KEY in the environment", at("voice")...)
	}
	if r := a.EVI.InputRate; r != 0 && (r < 8000 || r > 48000) {
		k.wrong("want 8000 to 48000 Hz", at("evi", "input_rate")...)
	}
	for v, value := range a.Variables {
		switch value.(type) {
		case string, bool, int, int64, float64:
		default:
			k.wrong("want a string, a number or a boolean", at("variables", v)...)
		}
	}
	if o := a.Opening; o != nil && (strings.TrimSpace(o.Text) == "" || len(o.Text) > openingLongest) {
		k.wrong(fmt.Sprintf("want 1 to %d bytes: what a clip says has to be written down, too", openingLongest), at("opening", "text")...)
	} else if o != nil {
		k.exists(o.Clip, at("opening", "clip")...)
	}
	k.exists(a.PromptFile, at("prompt_file")...)
	k.transfers(name, a)
	k.number(a.Fallback.Dial, at("fallback", "dial")...)
	if len(a.Fallback.Say) > sayLongest {
		k.wrong(fmt.Sprintf("want at most %d bytes", sayLongest), at("fallback", "say")...)
	}
	k.oneOf(a.Purpose, purposes, at("purpose")...)
	k.oneOf(a.Voicemail, voicemails, at("voicemail")...)
	for i, t := range a.Tools {
		if !k.known(t) {
			k.wrong("there is no tool "+t, at("tools", fmt.Sprint(i))...)
		}
	}
}

// known tells whether a tool's name means something: one of ours, one of the
// program's own, one of the file's, or one that an MCP server will bring.
func (k *checker) known(tool string) bool {
	if _, ok := k.f.Tools[tool]; ok || slices.Contains(builtins, tool) || k.own(tool) {
		return true
	}
	server, _, dotted := strings.Cut(tool, ".")
	_, ok := k.f.MCP[server]
	return dotted && ok
}

// own tells whether the program itself brings a tool of that name.
func (k *checker) own(tool string) bool {
	return slices.ContainsFunc(k.c.own, func(t tools.Tool) bool { return t.Info().Name == tool })
}

func (k *checker) tool(name string, t toolBlock) {
	if slices.Contains(builtins, name) {
		k.wrong("that is the name of a built-in tool", "tools", name)
	}
	if k.own(name) {
		k.wrong("the program brings a tool of that name already", "tools", name)
	}
	if t.HTTP == nil {
		k.wrong("it is required: where the tool is", "tools", name, "http")
		return
	}
	if t.HTTP.URL == "" {
		k.wrong("it is required", "tools", name, "http", "url")
	}
	if t.Timeout < 0 || t.Timeout > toolSlowest {
		k.wrong(fmt.Sprintf("want more than 0 and at most %s", toolSlowest), "tools", name, "timeout")
	}
	for h, v := range t.HTTP.Headers {
		for _, m := range envName.FindAllStringSubmatch(v, -1) {
			if k.c.vars[m[1]] == "" {
				k.wrong("the environment has no "+m[1], "tools", name, "http", "headers", h)
			}
		}
	}
}
