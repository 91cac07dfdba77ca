package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

type remindImportCmd struct {
	importFlags
	remindDefaults
	apiFlags
}

// remindDefaults fill in columns that a file lacks.
type remindDefaults struct {
	Agent     string `placeholder:"NAME" help:"The agent, for lines without one."`
	Purpose   string `placeholder:"P" help:"The purpose, for lines without one: ${purposes}. Defaults to the agent's own."`
	From      string `placeholder:"NUMBER" help:"The number to call from, for lines without one. Defaults to the one that the agent answers."`
	Subject   string `placeholder:"TEXT" help:"The subject, for lines without one."`
	At        string `placeholder:"TIME" help:"The due time, for lines without one."`
	Zone      string `placeholder:"ZONE" help:"The zone of times without an offset, for lines without a zone. It does not set the zone of the person called."`
	Marketing *bool  `negatable:"" help:"Whether the calls contain marketing, for lines that don't say. Defaults to the agent's contains_marketing in bridge.yaml, or to true."`
}

func (*remindImportCmd) Help() string {
	return "The first line holds the column names, in any order: to, due_at, agent, purpose, subject, state, zone, from, contains_marketing, and var.NAME for the agent's variables. " +
		"A time without an offset is in the zone of its line. " + importHelp + "A line is scheduled only once, however often it is imported.\n\n" +
		"--dry-run decides on each line at its due time and shows how many calls may be placed then, how many later, and how many not at all, and why; --out FILE writes this " +
		"for each line. The exit code is 3 if any may not be called."
}

// The columns, and other names that people give them.
var (
	remindColumns     = []string{"to", "due_at", "agent", "purpose", "subject", "state", "zone", "from", "contains_marketing", "var.*"}
	remindColumnNames = map[string]string{"number": "to", "phone": "to", "phone_number": "to", "due": "due_at", "at": "due_at", "when": "due_at", "time_zone": "zone", "timezone": "zone", "marketing": "contains_marketing"}
)

// entry reads a row. It returns all that is wrong with it, too.
func (d *remindDefaults) entry(values map[string]string, order string) (api.ReminderRequest, map[string]error) {
	var s api.ReminderRequest
	wrong := map[string]error{}
	value := func(column, other string) string {
		if v, ok := values[column]; ok {
			return v
		}
		return other
	}
	s.Agent, s.Subject, s.Marketing = value("agent", d.Agent), value("subject", d.Subject), d.Marketing
	s.Purpose = consent.Purpose(value("purpose", d.Purpose))
	s.Location = consent.Location{State: strings.ToUpper(values["state"]), Zone: values["zone"]}
	number := func(field, text string) string {
		n, err := parseNumber(text)
		if err != nil {
			wrong[field] = err
		}
		return n.E164()
	}
	if to, ok := values["to"]; ok {
		s.To = number("to", to)
	} else {
		wrong["to"] = missing("the number to call")
	}
	if from := value("from", d.From); from != "" {
		s.From = number("from", from)
	}
	if s.Agent == "" {
		wrong["agent"] = missing("the agent; or use --agent")
	}
	if text, ok := values["contains_marketing"]; ok {
		marketing, err := strconv.ParseBool(strings.ToLower(text))
		if s.Marketing = &marketing; err != nil {
			wrong["contains_marketing"] = errors.New("want true or false")
		}
	}
	if at := value("due_at", d.At); at == "" {
		wrong["due_at"] = missing("when to call; or use --at")
	} else {
		zone := value("zone", d.Zone)
		due, err := dueTime(at, zone, nil, order)
		if err != nil {
			wrong["due_at"] = err
		}
		s.DueAt = due.UTC()
	}
	for column, v := range values {
		if name, ok := strings.CutPrefix(column, "var."); ok {
			if s.Variables == nil {
				s.Variables = map[string]string{}
			}
			s.Variables[name] = v
		}
	}
	if len(wrong) == 0 {
		s.Key = contentKey(s)
	}
	return s, wrong
}

// contentKey names a line by what it says: the same again is the same reminder.
func contentKey(s api.ReminderRequest) string {
	b, err := json.Marshal(s) // maps come out sorted
	if err != nil {
		panic("internal error: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return "csv_" + hex.EncodeToString(sum[:16])
}
