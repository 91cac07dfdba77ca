package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
)

// object is a JSON object that is read field by field, so that everything that is
// wrong with it is told at once: also a field that nobody knows, one that is there
// twice, and one of another type.
type object struct {
	path   string // of the object within the body, with its dot; empty for the body itself
	fields map[string]json.RawMessage
	wrong  *[]api.FieldError
}

func (o object) complain(name, format string, args ...any) {
	if !enough(*o.wrong) {
		*o.wrong = append(*o.wrong, fieldError(o.path+name, fmt.Sprintf(format, args...)))
	}
}

// Bounds of what an answer says of a bad request.
const (
	maxWrong     = 200 // wrong fields in all
	maxSurplus   = 20  // fields of one object that nobody knows, or that are there twice
	wrongDetails = "; there may be more errors"
)

// fieldsOf is the names of a body's fields, as its type has them.
func fieldsOf[T any]() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// enough tells whether so much is wrong that no more is read, or said.
func enough(wrong []api.FieldError) bool { return len(wrong) >= maxWrong }

// readObject reads raw, which must be an object and nothing more, and complains of
// every field that is not among known. A null counts as absent. Its fields are nil
// if it is no object, or has many such fields: then the rest is not read.
func readObject(raw []byte, path string, wrong *[]api.FieldError, known ...string) object {
	o := object{path, map[string]json.RawMessage{}, wrong}
	whole := strings.TrimSuffix(path, ".")
	if whole == "" {
		whole = "body"
	}
	no := func(detail string) object {
		*wrong = append(*wrong, fieldError(whole, detail))
		return object{path, nil, wrong}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil {
		return no("not JSON: want an object")
	} else if t != json.Delim('{') {
		return no("want an object")
	}
	for surplus := 0; d.More(); {
		if surplus > maxSurplus {
			return no(fmt.Sprintf("more than %d of its fields are unknown or duplicates", maxSurplus))
		}
		t, err := d.Token()
		name, _ := t.(string)
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return no("not JSON: want an object")
		}
		switch _, twice := o.fields[name]; {
		case !slices.Contains(known, name):
			surplus++
			o.complain(short(name), "unknown field: want %s", strings.Join(known, ", "))
		case twice:
			surplus++
			o.complain(name, "duplicate field")
		case string(value) == "null":
			continue
		}
		o.fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return no("not JSON: want an object")
	}
	if _, err := d.Token(); err != io.EOF {
		return no("extra data after the object")
	}
	return o
}

// short is a name as it may be repeated to whoever sent it.
func short(name string) string {
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40]) + "…"
	}
	return strings.ToValidUTF8(name, "�")
}

// read decodes a field, if it is there. Want says in words what it must be.
func (o object) read(name, want string, out any) bool {
	raw, ok := o.fields[name]
	if !ok {
		return false
	}
	if err := json.Unmarshal(raw, out); err != nil {
		reflect.ValueOf(out).Elem().SetZero() // nothing half read
		o.complain(name, "want %s", want)
		return false
	}
	return true
}

// text reads a string of at most longest bytes, without control characters.
func (o object) text(name string, longest int) string {
	var s string
	if !o.read(name, "a string", &s) {
		return ""
	}
	if len(s) > longest {
		o.complain(name, "%d bytes long: want at most %d", len(s), longest)
		return ""
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }) {
		o.complain(name, "must not contain control characters")
		return ""
	}
	return s
}

// flag reads a boolean; it is absent by default.
func (o object) flag(name string, absent bool) bool {
	v := absent
	if !o.read(name, "true or false", &v) {
		return absent
	}
	return v
}

// object reads an object within the object.
func (o object) object(name string, known ...string) object {
	raw, ok := o.fields[name]
	if !ok {
		return object{o.path + name + ".", nil, o.wrong}
	}
	return readObject(raw, o.path+name+".", o.wrong, known...)
}

// readBody reads a body of at most longest bytes. If there is none it has answered.
func readBody(w http.ResponseWriter, r *http.Request, longest int64) ([]byte, bool) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longest))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		problem(w, http.StatusRequestEntityTooLarge, "too large", fmt.Sprintf("the body is larger than %d bytes", longest))
		return nil, false
	case err != nil:
		problem(w, http.StatusBadRequest, "bad request", "the body was cut off")
		return nil, false
	}
	return b, true
}

// fieldError says what is wrong with a field.
func fieldError(field, detail string) api.FieldError {
	return api.FieldError{Field: field, Detail: detail}
}

// wrongField is the answer that names one wrong field.
func wrongField(field, detail string) answer {
	return wrongFields([]api.FieldError{fieldError(field, detail)})
}

// wrongFields is the answer that names every wrong field.
func wrongFields(wrong []api.FieldError) answer {
	lines := make([]string, 0, len(wrong))
	for _, f := range wrong {
		lines = append(lines, f.Field+": "+f.Detail)
	}
	detail := strings.Join(lines, "; ")
	if enough(wrong) {
		detail += wrongDetails
	}
	return document{Title: "bad request", Status: http.StatusBadRequest, Detail: detail, Errors: wrong}.answer()
}
