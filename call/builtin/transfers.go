package builtin

import (
	"slices"
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// Transfer is somebody to whom an agent may transfer a call.
type Transfer struct {
	Name   string // by which agents and operators name them; empty if there is only one
	Number phone.Number
}

// Transfers is an agent's list of them, in order.
type Transfers []Transfer

// Names returns the names on the list, in order.
func (l Transfers) Names() []string {
	var names []string
	for _, t := range l {
		if t.Name != "" {
			names = append(names, t.Name)
		}
	}
	return names
}

// Find finds somebody on the list, by name or number. Where there is only one, nobody need be named. The error is a
// [*TransferError].
func (l Transfers) Find(to string) (Transfer, error) {
	to = strings.TrimSpace(to)
	i := slices.IndexFunc(l, func(t Transfer) bool {
		return strings.EqualFold(t.Name, to) || t.Number.E164() == to
	})
	switch {
	case i >= 0 && (to != "" || len(l) == 1):
		return l[i], nil
	case to == "" && len(l) == 1:
		return l[0], nil
	}
	return Transfer{}, &TransferError{l.Names()}
}

// TransferError refuses a transfer to somebody who is not on an agent's list. It does not repeat who was asked for,
// which may be a number.
type TransferError struct{ Names []string }

func (e *TransferError) Error() string {
	if len(e.Names) == 0 {
		return "transfer: nobody of that name is on the agent's list"
	}
	return "transfer: nobody of that name is on the agent's list: want " + strings.Join(e.Names, ", ")
}
