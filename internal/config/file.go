package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/internal/plain"
)

// Bounds of a configuration file, and of what is said about it at once.
const (
	maxFile   = 1 << 20 // bytes
	maxFaults = 50
	maxKeys   = 10_000 // in one block: the library compares each with all others
)

// crowded is the first block with too many keys; nil if there is none.
func crowded(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode && len(n.Content)/2 > maxKeys {
		return fmt.Errorf("line %d: a block of %d keys: want at most %d", n.Line, len(n.Content)/2, maxKeys)
	}
	for _, child := range n.Content { // what an alias stands for is looked at where it is
		if err := crowded(child); err != nil {
			return err
		}
	}
	return nil
}

// File is bridge.yaml: the structure of the service. Secrets don't live in it.
type File struct {
	Sellers map[string]Seller      `yaml:"sellers"`
	Agents  map[string]AgentBlock  `yaml:"agents"`
	Numbers map[string]NumberBlock `yaml:"numbers"`
	Tools   map[string]toolBlock   `yaml:"tools"`
	MCP     map[string]MCPBlock    `yaml:"mcp"`
	Lookups map[string]lookupBlock `yaml:"lookups"`
	Policy  string                 `yaml:"policy"`
	Anchors string                 `yaml:"anchors"` // where copies of the ledger's head go

	root  *yaml.Node // to find a key's line again
	found []fault    // what the YAML library found wrong
}

// Seller is on whose behalf calls are placed.
type Seller struct {
	LegalName      string   `yaml:"legal_name"`
	RegisteredName string   `yaml:"registered_name"`
	Affiliates     string   `yaml:"affiliates"` // the group that a person takes for one caller
	Was            []string `yaml:"was"`        // its earlier keys
	CallbackNumber string   `yaml:"callback_number"`
	TollfreeOptout string   `yaml:"tollfree_optout"`
	TextsFrom      string   `yaml:"texts_from"` // one of its numbers that may send texts
}

// AgentBlock is an agent: its seller, its voice, its tools, and how it speaks.
type AgentBlock struct {
	Seller     string            `yaml:"seller"`
	Voice      voiceList         `yaml:"voice"`
	EVI        eviBlock          `yaml:"evi"`
	Realtime   realtimeBlock     `yaml:"realtime"`
	PromptFile string            `yaml:"prompt_file"`
	Variables  map[string]any    `yaml:"variables"`
	Opening    *OpeningBlock     `yaml:"opening"`
	Tools      []string          `yaml:"tools"`
	TransferTo transferBlock     `yaml:"transfer_to"`
	Keys       map[string]string `yaml:"keys"`
	Fallback   fallbackBlock     `yaml:"fallback"`
	Limits     limitsBlock       `yaml:"limits"`
	Record     bool              `yaml:"record"`
	Remember   time.Duration     `yaml:"remember"` // how long after a call that broke whoever calls again goes on
	Expression *expressionBlock  `yaml:"expression"`
	Purpose    string            `yaml:"purpose"`
	Voicemail  string            `yaml:"voicemail"`

	Interruption interruptionBlock `yaml:"interruption"`
	Budgets      budgetsBlock      `yaml:"budgets"`

	ContainsMarketing *bool `yaml:"contains_marketing"` // of its calls, where a request says nothing; true if absent
}

type eviBlock struct {
	ConfigID  string `yaml:"config_id"`
	InputRate int    `yaml:"input_rate"`
	Verbose   bool   `yaml:"verbose_transcription"`
}

// interruptionBlock is what it takes to interrupt the agent, where the bridge decides it.
type interruptionBlock struct {
	After  *time.Duration `yaml:"after"`
	Words  *int           `yaml:"words"`
	Resume *bool          `yaml:"resume"`
}

// OpeningBlock is what an agent says first, and a clip that says it.
type OpeningBlock struct {
	Text string `yaml:"text"`
	Clip string `yaml:"clip"`
}

type fallbackBlock struct {
	Say  string `yaml:"say"`
	Dial string `yaml:"dial"`
}

type toolBlock struct {
	Description  string         `yaml:"description"`
	Parameters   map[string]any `yaml:"parameters"`
	HTTP         *httpBlock     `yaml:"http"`
	Timeout      time.Duration  `yaml:"timeout"`
	Filler       string         `yaml:"filler"`
	Failure      string         `yaml:"failure"`
	Secret       []string       `yaml:"secret"`
	Interruption string         `yaml:"interruption"`
}

type httpBlock struct {
	URL     string            `yaml:"url"`
	Method  string            `yaml:"method"`
	Headers map[string]string `yaml:"headers"`

	Sign                  string `yaml:"sign"` // the name of a variable
	Idempotent            bool   `yaml:"idempotent"`
	AllowPrivateRedirects bool   `yaml:"allow_private_redirects"`
	MaxResponse           int    `yaml:"max_response"` // bytes
}

// MCPBlock is an MCP server: the URL of one that runs, or the command of one that is started.
type MCPBlock struct {
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers"`
	Command []string          `yaml:"command"`
	Env     []string          `yaml:"env"` // names, not values
	Timeout time.Duration     `yaml:"timeout"`
	Sandbox string            `yaml:"sandbox"` // off: the command may read all that we may
}

// ParseFile reads bridge.yaml. A key that nobody knows is an error that names
// its line, for a setting that is silently ignored is worse than none. The rest
// of the file is still read, so that all problems can be told at once; the file
// is nil if it is no YAML.
func ParseFile(b []byte) (*File, []error) {
	if len(b) > maxFile {
		return nil, []error{fmt.Errorf("the file has %d bytes: want at most %d", len(b), maxFile)}
	}
	f := &File{root: &yaml.Node{}}
	if err := yaml.Unmarshal(b, f.root); err != nil {
		return nil, []error{syntaxFault(b, err)}
	}
	if err := another(b); err != nil {
		return nil, []error{err}
	}
	if err := crowded(f.root); err != nil {
		return nil, []error{err}
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	err := d.Decode(f)
	var wrong *yaml.TypeError
	switch {
	case errors.As(err, &wrong):
		return f, f.faults(wrong.Errors)
	case err != nil && !errors.Is(err, io.EOF):
		return nil, []error{syntaxFault(b, err)}
	}
	return f, nil
}

// Line finds where a key stands: line("agents", "support", "evi").
func (f *File) Line(path ...string) int {
	n := f.root
	if n.Kind == yaml.DocumentNode {
		n = n.Content[0]
	}
	at := max(1, n.Line)
walk:
	for _, key := range path {
		if n.Kind == yaml.SequenceNode {
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(n.Content) {
				return at
			}
			n = n.Content[i]
			at = n.Line
			continue
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				at, n = n.Content[i].Line, n.Content[i+1]
				continue walk
			}
		}
		return at // it is missing: the line of what it is missing from
	}
	return at
}

// Problem is something wrong at a place of the file.
func (f *File) Problem(text string, path ...string) error {
	name := ""
	for i, p := range path {
		if i > 0 {
			name += "."
		}
		name += p
	}
	return fmt.Errorf("line %d: %s: %s", f.Line(path...), plain.Text(name), text)
}
