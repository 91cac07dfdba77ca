package twiliotest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Verb is an element of a TwiML document: a verb, or what is nested in one.
type Verb struct {
	Name     string            // such as "Connect"
	Attrs    map[string]string // nil if there are none
	Text     string            // without space around it
	Children []Verb
}

// Child is the first nested element of that name.
func (v Verb) Child(name string) (Verb, bool) {
	for _, c := range v.Children {
		if c.Name == name {
			return c, true
		}
	}
	return Verb{}, false
}

// Number is whom a Dial rings: its text, or that of its Number.
func (v Verb) Number() string {
	if n, ok := v.Child("Number"); ok {
		return n.Text
	}
	return v.Text
}

// element is XML as the decoder likes it.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// ParseTwiML returns the verbs of a document. The error begins with the code that
// Twilio would report.
func ParseTwiML(doc []byte) ([]Verb, error) {
	if bytes.Index(doc, []byte("<?xml")) > 0 {
		return nil, fmt.Errorf("12100: something comes before the XML declaration")
	}
	var root element
	if err := xml.Unmarshal(doc, &root); err != nil {
		return nil, fmt.Errorf("12100: %w", err)
	}
	if root.XMLName.Local != "Response" {
		return nil, fmt.Errorf("12100: the root is <%.40s>, not <Response>", root.XMLName.Local)
	}
	return verbs(root.Children), nil
}

func verbs(elements []element) []Verb {
	var all []Verb
	for _, e := range elements {
		v := Verb{Name: e.XMLName.Local, Text: strings.TrimSpace(e.Text), Children: verbs(e.Children)}
		if len(e.Attrs) > 0 {
			v.Attrs = make(map[string]string, len(e.Attrs))
		}
		for _, a := range e.Attrs {
			v.Attrs[a.Name.Local] = a.Value
		}
		all = append(all, v)
	}
	return all
}
