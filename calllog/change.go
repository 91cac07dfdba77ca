package calllog

import "encoding/json"

// Change is one thing to write: the header of a call as a whole, or one entry
// of the call CallID.
type Change struct {
	Call   *Call // its Entries are ignored
	CallID string
	Entry  *Entry
	Epoch  int // of whoever wrote the entry: see Call.Epoch
}

// line is a Change as the spool holds it. Instance, Epoch and Version are repeated
// here because the operators' JSON of a Call leaves them out.
type line struct {
	Call     *Call  `json:"call,omitempty"`
	Instance string `json:"instance,omitempty"`
	Epoch    int    `json:"epoch,omitempty"`
	Version  int    `json:"version,omitempty"`
	CallID   string `json:"call_id,omitempty"`
	Entry    *Entry `json:"entry,omitempty"`
}

// MarshalJSON encodes all of a change, for the spool.
func (c Change) MarshalJSON() ([]byte, error) {
	l := line{Call: c.Call, CallID: c.CallID, Entry: c.Entry, Epoch: c.Epoch}
	if c.Call != nil {
		l.Instance, l.Epoch, l.Version = c.Call.Instance, c.Call.Epoch, c.Call.Version
	}
	return json.Marshal(l)
}

// UnmarshalJSON decodes what MarshalJSON wrote.
func (c *Change) UnmarshalJSON(b []byte) error {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return err
	}
	if l.Call != nil {
		l.Call.Instance, l.Call.Epoch, l.Call.Version = l.Instance, l.Epoch, l.Version
	}
	*c = Change{Call: l.Call, CallID: l.CallID, Entry: l.Entry}
	if l.Entry != nil {
		c.Epoch = l.Epoch
	}
	return nil
}
