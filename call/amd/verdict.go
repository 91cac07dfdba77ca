package amd

// Verdict is something that the call has to do, in the order in which they come: [Noted], [Mute], [Record], [Person],
// [Asks], [Repeats] or [Endless], and nothing else.
type Verdict interface{ verdict() }

// Noted is a line for the call's log.
type Noted string

// Mute stops all that is heard and drops what the agent says, until [Record] or [Person].
type Mute struct{}

// Record says that a machine took the call and records: leave a message, or hang up.
type Record struct {
	Fax  bool // it is a fax machine
	Full bool // it takes no message
}

// Person says that a person is on the line whom the opening has not reached.
type Person struct{}

// Asks says that an assistant or a menu asks something of the agent, for the first time.
type Asks struct{ Who Speaker }

// Repeats says that the agent listens to the same words again, probably a recording.
type Repeats struct{}

// Endless says that the same words came again and again: the call ends.
type Endless struct {
	Mailbox bool // a mailbox says them
}

func (Noted) verdict()   {}
func (Mute) verdict()    {}
func (Record) verdict()  {}
func (Person) verdict()  {}
func (Asks) verdict()    {}
func (Repeats) verdict() {}
func (Endless) verdict() {}
