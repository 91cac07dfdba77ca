package consent

import (
	"bytes"
	_ "embed" // the built-in policy
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed policy.yaml
var builtinYAML []byte

// maxPolicy bounds a policy file, in bytes. The built-in one has 25 kB.
const maxPolicy = 1 << 20

// policyFile is a policy as it is written down. What a file doesn't say is nil, and
// stays as it is.
type policyFile struct {
	Name         *string             `yaml:"name"`
	Date         *string             `yaml:"date"`
	StrictMobile *bool               `yaml:"strict_mobile"`
	SwitchedOff  *[]string           `yaml:"switched_off"`
	AllowStates  *[]string           `yaml:"allow_states"`
	Exemptions   *[]string           `yaml:"exemptions"`
	Caps         capsFile            `yaml:"caps"`
	States       map[string]*rowFile `yaml:"states"`
}

type capsFile struct {
	PerDay         *int `yaml:"per_day"`
	PerWeek        *int `yaml:"per_week"`
	Unanswered     *int `yaml:"unanswered"`
	ConsentMonths  *int `yaml:"consent_months"`
	ScrubDays      *int `yaml:"scrub_days"`
	ReassignedDays *int `yaml:"reassigned_days"`
	LineTypeDays   *int `yaml:"line_type_days"`
	AnchorHours    *int `yaml:"anchor_hours"`
	GuardMinutes   *int `yaml:"guard_minutes"`
	AbandonPercent *int `yaml:"abandon_percent"`
}

type rowFile struct {
	MonFri          *string   `yaml:"weekdays"`
	Saturday        *string   `yaml:"saturday"`
	Sunday          *string   `yaml:"sunday"`
	Holidays        *string   `yaml:"holidays"`
	Cap             *int      `yaml:"cap"`
	CapHours        *int      `yaml:"cap_hours"`
	Device          *string   `yaml:"device"`
	Written         *string   `yaml:"written"`
	List            *bool     `yaml:"list"`
	Register        *bool     `yaml:"registration"`
	AllParty        *bool     `yaml:"all_party"`
	Emergency       *bool     `yaml:"emergency_ban"`
	CallerZone      *bool     `yaml:"caller_zone"`
	ExtraHolidays   *[]string `yaml:"extra_holidays"`
	Citation        *string   `yaml:"citation"`
	DeviceCitation  *string   `yaml:"device_citation"`
	WrittenCitation *string   `yaml:"written_citation"`
	Confidence      *string   `yaml:"confidence"`
}

// rowMust is what a row has to say itself: it replaces the built-in one. Of all
// else a row that is silent keeps what was built in, for a protection has to be
// taken away in so many words.
var rowMust = []string{"weekdays", "saturday", "sunday", "holidays", "cap", "device", "citation"}

// LoadPolicy is the built-in policy with a policy file laid over it; an empty one
// changes nothing. The file's lists and numbers replace the built-in ones, and each
// of its rows that of the state. Keys that nobody knows, values out of bounds and
// rows with a hole are errors that name line, field and bound; all of them are
// returned at once, joined.
func LoadPolicy(override []byte) (*Policy, error) {
	p := &Policy{States: map[string]StateRow{}}
	if err := p.lay(builtinYAML); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(override)) > 0 {
		p.Name = ""
		if err := p.lay(override); err != nil {
			return nil, err
		}
	}
	p.seal()
	return p, nil
}

// lay lays a file over the policy and checks what comes of it.
func (p *Policy) lay(b []byte) error {
	f, at, problems := readPolicy(b)
	if f == nil {
		return problem(problems)
	}
	fill(p, *f)
	fill(&p.Caps, f.Caps)
	p.SwitchedOff, p.AllowStates, p.Exemptions = slices.Clone(p.SwitchedOff), slices.Clone(p.AllowStates), slices.Clone(p.Exemptions)
	if p.Name == "" {
		p.Name = "unnamed"
		if len(p.SwitchedOff) > 0 {
			problems = append(problems, at.say("name", "is missing: every decision names the policy that has switched a rule off"))
		}
	}
	rows := slices.Sorted(maps.Keys(f.States))
	for _, state := range rows {
		row, said := p.States[state], f.States[state]
		if said == nil {
			said = &rowFile{}
		}
		for _, key := range fill(&row, *said) {
			if slices.Contains(rowMust, key) {
				problems = append(problems, at.say("states."+state, key+" is missing: a row replaces the whole built-in one"))
			}
		}
		if row.Cap > 0 && row.CapHours == 0 {
			row.CapHours = 24
		}
		p.States[state] = row
	}
	return problem(append(problems, p.check(at, rows)...))
}

// fill copies what a file says into the fields of the same name, and returns the
// keys of what it doesn't say.
func fill(into, from any) (silent []string) {
	dst, src := reflect.ValueOf(into).Elem(), reflect.ValueOf(from)
	for i := range src.NumField() {
		field := src.Type().Field(i)
		switch v := src.Field(i); {
		case v.Kind() != reflect.Pointer:
		case v.IsNil():
			silent = append(silent, field.Tag.Get("yaml"))
		default:
			dst.FieldByName(field.Name).Set(v.Elem())
		}
	}
	return silent
}

// unknownKey is how the YAML library tells of a key that has no field.
var unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)

// readPolicy reads a file. It is nil if it can't be read at all.
func readPolicy(b []byte) (*policyFile, *keyLines, []error) {
	if len(b) > maxPolicy {
		return nil, nil, []error{fmt.Errorf("%d bytes are too many, at most %d", len(b), maxPolicy)}
	}
	at := &keyLines{}
	if err := yaml.Unmarshal(b, &at.root); err != nil {
		return nil, nil, []error{err}
	}
	f := &policyFile{}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	err := d.Decode(f)
	var wrong *yaml.TypeError
	var problems []error
	switch {
	case errors.As(err, &wrong):
		for _, text := range wrong.Errors {
			problems = append(problems, errors.New(unknownKey.ReplaceAllString(text, "unknown key $1")))
		}
	case err != nil && !errors.Is(err, io.EOF):
		return nil, nil, []error{err}
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		problems = append(problems, errors.New("there is more than one document in the file"))
	}
	return f, at, problems
}

// problem joins problems, each named as one of the policy.
func problem(list []error) error {
	for i, err := range list {
		list[i] = fmt.Errorf("policy: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return errors.Join(list...)
}
