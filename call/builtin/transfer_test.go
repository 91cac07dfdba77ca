package builtin

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/phone"
)

const (
	salesNumber = "+14155550199"
	frontNumber = "+14155550188"
)

func number(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

var people = Transfers{{Name: "sales", Number: number(salesNumber)}, {Name: "front desk", Number: number(frontNumber)}}

func TestTransferCall(t *testing.T) {
	long := strings.Repeat("é", MaxSummary/2)
	unlisted := "refused: Nobody of that name takes calls. There are: sales, front desk."
	tooLong := "refused: The summary has 601 bytes. Say it in at most 600."
	for _, x := range []struct{ name, arguments, answer, to string }{
		{"by name", `{"to":"Front Desk"}`, "", frontNumber},
		{"by number", `{"to":" ` + salesNumber + `"}`, "", salesNumber},
		{"with a summary", `{"to":"sales","summary":"` + long + `"}`, "", salesNumber},
		{"another number", `{"to":"+14155550177"}`, unlisted, ""},
		{"nobody", `{}`, unlisted, ""},
		{"too long", `{"to":"sales","summary":"` + long + `x"}`, tooLong, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := fakeCall{transfers: people}
			if got := f.uses(t, TransferCall, x.arguments); got != x.answer {
				t.Errorf("answered %q, want %q", got, x.answer)
			}
			if (f.exit.To == nil) != (x.to == "") || f.exit.To != nil && f.exit.To.Number.E164() != x.to {
				t.Errorf("transferred to %v, want %q", f.exit.To, x.to)
			}
			if strings.Contains(fmt.Sprint(f.errs), "0177") {
				t.Errorf("the log has a number: %v", f.errs)
			}
		})
	}
}

// Where there is only one on the list, nobody need be named; where there is nobody, nobody can be.
func TestFindTransfer(t *testing.T) {
	for _, x := range []struct {
		list Transfers
		to   string
		want string
	}{
		{people[:1], "", "sales"},
		{people[:1], "sales", "sales"},
		{people[:1], "boss", "transfer: nobody of that name is on the agent's list: want sales"},
		{Transfers{{Number: number(salesNumber)}}, "boss", "transfer: nobody of that name is on the agent's list"},
		{nil, "", "transfer: nobody of that name is on the agent's list"},
	} {
		got, err := x.list.Find(x.to)
		text := got.Name
		if unlisted := (*TransferError)(nil); errors.As(err, &unlisted) {
			text = unlisted.Error()
		}
		if text != x.want {
			t.Errorf("%q of %v: %q, want %q", x.to, x.list.Names(), text, x.want)
		}
	}
}

// An agent is told of the names on its own list, and of no tool without a list.
func TestTransferIsDescribed(t *testing.T) {
	if got := (Grant{Tools: []string{TransferCall, EndCall}}).List(); len(got) != 1 || got[0].Name != EndCall {
		t.Errorf("without a list the tools are %+v", got)
	}
	if _, ok := (Grant{Transfers: people}).Find(TransferCall); ok {
		t.Error("a tool that the agent may not use is found")
	}
	for _, x := range []struct {
		list     Transfers
		enum     []string
		required []string
	}{
		{people, []string{"sales", "front desk"}, []string{"to"}},
		{people[:1], []string{"sales"}, nil},
		{Transfers{{Number: number(salesNumber)}}, nil, nil},
	} {
		info := (Grant{Tools: []string{TransferCall}, Transfers: x.list}).List()[0]
		var schema struct {
			Properties map[string]struct{ Enum []string }
			Required   []string
		}
		if err := json.Unmarshal(info.Schema, &schema); err != nil {
			t.Fatal(err)
		}
		_, named := schema.Properties["to"]
		if !slices.Equal(schema.Properties["to"].Enum, x.enum) || !slices.Equal(schema.Required, x.required) ||
			named != (x.enum != nil) {
			t.Errorf("%v is described by %s", x.list.Names(), info.Schema)
		}
		if told := strings.Contains(info.Description, "There are: sales"); told != (x.enum != nil) {
			t.Errorf("%v is described as %q", x.list.Names(), info.Description)
		}
	}
}
