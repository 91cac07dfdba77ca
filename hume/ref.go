package hume

// Ref names a version of a tool or a prompt.
type Ref struct {
	ID      string
	Version int    // from 0
	Follows bool   // the newest version is taken, whichever it is
	Name    string // as the account says; not sent
}

// is tells whether two refs lead to the same version now.
func (r Ref) is(other Ref) bool { return r.ID == other.ID && r.Version == other.Version }

// refJSON is a ref on the wire. What comes has more fields, what is sent has these.
type refJSON struct {
	ID          string `json:"id"`
	Version     *int   `json:"version,omitempty"` // from 0
	VersionType string `json:"version_type,omitempty"`
	Name        string `json:"name,omitempty"`
}

func (w refJSON) ref() Ref {
	r := Ref{ID: w.ID, Follows: w.VersionType == "LATEST" || w.Version == nil, Name: w.Name}
	if w.Version != nil {
		r.Version = *w.Version
	}
	return r
}

// sent is the ref as it is sent: without a version the newest is taken.
func (r Ref) sent() refJSON {
	if r.Follows {
		return refJSON{ID: r.ID}
	}
	return refJSON{ID: r.ID, Version: &r.Version}
}
