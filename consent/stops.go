package consent

import "slices"

// Stops tells whether a fact speaks against the call that a request describes: the
// person refused it, what they said may be a refusal, or the number is somebody
// else's. It looks at the fact alone; whether a later act of the person lifted a
// refusal, only a [Decision] says. The gate, live calls and reminders ask the same.
//
// A refusal binds everyone whom a person takes for one caller ([Seller.Is]). Its scope
// is one of a lattice, category < purpose < seller < affiliate_group < platform: the
// widest binds every seller, and so does a group's, unless the request's seller says
// which group is its own. One that names no seller binds all.
func Stops(f Fact, req Request) bool {
	return f.Number == req.To && stops(&f, &req)
}

// EndsLive tells whether a fact ends a call that is going on. A call that we placed
// ends with what forbids it, but goes on while it is unclear what a person meant. A
// call that the person made to us ends by their own act on that call alone: a number
// on a list is no reason to hang up on somebody who asks for help.
func EndsLive(f Fact, req Request, inbound bool) bool {
	switch {
	case inbound:
		return f.Type == OptOutInCall && f.CallID != "" && f.CallID == req.CallID
	case f.Type == OptOutUnclear:
		return false
	}
	return Stops(f, req)
}

// stops is Stops for a fact that is known to be about the request's number.
func stops(f *Fact, req *Request) bool {
	switch f.Type {
	case NumberFact:
		return f.Reassigned == Yes || f.Reassigned == Suspected
	case Revoke, DNCAdd, OptOutInCall, OptOutUnclear:
		return bindsSeller(f, &req.Seller) && inScope(f, req)
	}
	return false
}

// bindsSeller tells whether a refusal was said to a seller, or to somebody for whom it
// has to answer.
func bindsSeller(f *Fact, s *Seller) bool {
	switch {
	case f.Seller == "" || f.Scope == ScopePlatform || s.Is(f.Seller):
		return true
	case f.Scope == ScopeAffiliate:
		return s.Group == ""
	}
	return false
}

// inScope tells whether a refusal is of calls such as the request's. Where either side
// leaves open what a call is about, it is.
func inScope(f *Fact, req *Request) bool {
	switch f.Scope {
	case ScopeCategory:
		return f.Subject == "" || req.Subject == "" || f.Subject == req.Subject
	case ScopePurpose:
		return len(f.Purposes) == 0 || slices.ContainsFunc(f.Purposes,
			func(p Purpose) bool { return slices.Contains(req.purposes(), p) })
	}
	return true
}

// purposes is what a call is for; with a promotional sentence in it, it is
// telemarketing as well. A purpose that nobody knows is taken for that.
func (r *Request) purposes() []Purpose {
	switch {
	case !slices.Contains(Purposes, r.Purpose):
		return []Purpose{Telemarketing}
	case r.Marketing && r.Purpose != Telemarketing:
		return []Purpose{r.Purpose, Telemarketing}
	}
	return []Purpose{r.Purpose}
}
