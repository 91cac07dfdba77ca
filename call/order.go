package call

import (
	"errors"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Order is a call that somebody wants to be placed.
type Order struct {
	CallID    string // the call's id, if whoever asks has made it ([NewID]); else Place makes one
	To, From  phone.Number
	Agent     string
	Purpose   consent.Purpose
	Marketing bool // one promotional sentence makes the whole call telemarketing
	Subject   string
	Variables map[string]string
	Location  consent.Location
}

// OrderError is an order that can't be placed as it is, whoever asks: every wrong
// field, and no number among the words.
type OrderError struct{ Problems []string }

func (e *OrderError) Error() string { return "call: the order: " + strings.Join(e.Problems, "; ") }

// ErrDraining says that no new calls are placed here.
var ErrDraining = errors.New("call: this instance is draining")
