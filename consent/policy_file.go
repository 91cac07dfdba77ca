package consent

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// maxPolicy bounds a policy file, in bytes. The built-in one has 25 kB.
const maxPolicy = 128 << 10

// policyFile is a policy as it is written down. What a file doesn't say is nil, and
// stays as it is.
type policyFile struct {
	Name         *string             `yaml:"name"`
	Date         *string             `yaml:"date"`
	StrictMobile *bool               `yaml:"strict_mobile"`
	SwitchedOff  *[]string           `yaml:"switched_off"`
	AllowStates  *approvals          `yaml:"allow_states"`
	Exemptions   *approvals          `yaml:"exemptions"`
	Templates    *templates          `yaml:"emergency_templates"`
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
	AbandonFloor   *int `yaml:"abandon_floor"`

	approvalFile `yaml:",inline"`
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

	approvalFile `yaml:",inline"`
}

type approvalFile struct {
	ApprovedBy *string `yaml:"approved_by"`
	Reason     *string `yaml:"reason"`
	Expires    *string `yaml:"expires"`
}

// unknownKey is how the YAML library tells of a key that has no field.
var unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)

// readPolicy reads a file. It is nil if it can't be read at all.
func readPolicy(b []byte) (*policyFile, *keyLines, []error) {
	if len(b) > maxPolicy {
		return nil, nil, []error{fmt.Errorf("%d bytes: want at most %d", len(b), maxPolicy)}
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
		problems = append(problems, errors.New("the file contains more than one document"))
	}
	return f, at, problems
}
