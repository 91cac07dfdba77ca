package realtime

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// What every server would refuse is refused before it is sent.

func (e SessionUpdate) check() error  { return e.Session.check() }
func (AudioCommit) check() error      { return nil }
func (AudioClear) check() error       { return nil }
func (OutputAudioClear) check() error { return nil }
func (e ItemDelete) check() error     { return notEmpty("ItemID", e.ItemID) }
func (e ItemRetrieve) check() error   { return notEmpty("ItemID", e.ItemID) }
func (ResponseCancel) check() error   { return nil }

func (e ItemCreate) check() error {
	if e.Item.Type == TypeItemReference {
		return errors.New("Item is an item_reference: these belong into the input of a response only")
	}
	return e.Item.check("Item")
}

func (e ItemTruncate) check() error {
	return cmp.Or(notEmpty("ItemID", e.ItemID), between("ContentIndex", e.ContentIndex, 0, 1<<20),
		between("AudioEndMS", e.AudioEndMS, 0, 1<<31-1))
}

func (e ResponseCreate) check() error {
	r := e.Response
	if r == nil {
		return nil
	}
	for i, item := range r.Input {
		if err := item.check(fmt.Sprintf("Input[%d]", i)); err != nil {
			return err
		}
	}
	return cmp.Or(oneOf("Conversation", r.Conversation, "", ConversationAuto, ConversationNone),
		checkModalities(r.OutputModalities), r.Audio.Output.Format.check("Audio.Output.Format"),
		checkTools(r.Tools), r.ToolChoice.check(), r.Reasoning.check(), r.MaxOutputTokens.check(), checkMetadata(r.Metadata))
}

func (i Item) check(field string) error {
	switch i.Type {
	case TypeMessage, TypeForceMessage:
		return i.checkMessage(field)
	case TypeFunctionCall:
		if !json.Valid([]byte(i.Arguments)) {
			return fmt.Errorf("%s.Arguments is not JSON", field)
		}
		return cmp.Or(notEmpty(field+".CallID", i.CallID), notEmpty(field+".Name", i.Name))
	case TypeFunctionCallOutput:
		return notEmpty(field+".CallID", i.CallID)
	case TypeItemReference:
		return notEmpty(field+".ID", i.ID)
	case TypeMCPApproval:
		return notEmpty(field+".ApprovalRequestID", i.ApprovalRequestID)
	case TypeMCPListTools, TypeMCPCall, TypeMCPApprovalRequest:
		return nil
	}
	return fmt.Errorf("%s.Type is %q: no item has that type", field, i.Type)
}

// roleParts are the parts that a message may be made of. An assistant's audio can't
// be created.
var roleParts = map[Role][]PartType{
	RoleSystem:    {PartInputText},
	RoleUser:      {PartInputText, PartInputAudio, PartInputImage},
	RoleAssistant: {PartOutputText},
}

func (i Item) checkMessage(field string) error {
	parts, known := roleParts[i.Role]
	switch {
	case !known:
		return fmt.Errorf("%s.Role is %q: system, user or assistant is wanted", field, i.Role)
	case len(i.Content) == 0:
		return fmt.Errorf("%s.Content is empty", field)
	}
	for n, p := range i.Content {
		at := fmt.Sprintf("%s.Content[%d]", field, n)
		switch {
		case !slices.Contains(parts, p.Type):
			return fmt.Errorf("%s.Type is %q: a message of role %s takes %q", at, p.Type, i.Role, parts)
		case p.Text == "" && len(p.Audio) == 0 && p.ImageURL == "":
			return fmt.Errorf("%s is empty", at)
		}
	}
	return nil
}

func notEmpty[T ~string](field string, v T) error {
	if v == "" {
		return fmt.Errorf("%s is empty", field)
	}
	return nil
}

func between(field string, n, least, most int) error {
	if n < least || n > most {
		return fmt.Errorf("%s is %d: between %d and %d is wanted", field, n, least, most)
	}
	return nil
}

func oneOf[T ~string](field string, v T, words ...T) error {
	if !slices.Contains(words, v) {
		return fmt.Errorf("%s is %q: one of %q is wanted", field, v, words)
	}
	return nil
}

func checkMetadata(m map[string]string) error {
	if len(m) > 16 {
		return fmt.Errorf("Metadata has %d pairs: at most 16 are wanted", len(m))
	}
	for k, v := range m {
		if utf8.RuneCountInString(k) > 64 || utf8.RuneCountInString(v) > 512 {
			return fmt.Errorf("Metadata[%q] is too long: at most 64 characters of a key and 512 of a value are wanted", k)
		}
	}
	return nil
}
