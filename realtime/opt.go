package realtime

import (
	"encoding/json"
	"reflect"
)

// Opt is a field that a message may leave out, set to null, or give a value. The
// zero Opt is left out: a server keeps what it had.
type Opt[T any] struct {
	value T
	state optState
}

type optState uint8

const (
	absent optState = iota
	null
	given
)

// Set is a field with a value.
func Set[T any](v T) Opt[T] { return Opt[T]{value: v, state: given} }

// Null is a field that is null: it takes away what was set before.
func Null[T any]() Opt[T] { return Opt[T]{state: null} }

// Get returns the value, and whether there is one.
func (o Opt[T]) Get() (T, bool) { return o.value, o.state == given }

// IsNull tells whether the field is null.
func (o Opt[T]) IsNull() bool { return o.state == null }

// IsZero tells whether the field is left out.
func (o Opt[T]) IsZero() bool { return o.state == absent }

// Equal compares state and value.
func (o Opt[T]) Equal(p Opt[T]) bool {
	return o.state == p.state && reflect.DeepEqual(o.value, p.value)
}

// MarshalJSON is the value, or null.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if o.state != given {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON never fails: a value of another type leaves the field out.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	*o = Opt[T]{}
	if string(b) == "null" {
		o.state = null
		return nil
	}
	if json.Unmarshal(b, &o.value) != nil {
		*o = Opt[T]{}
		return nil
	}
	o.state = given
	return nil
}
