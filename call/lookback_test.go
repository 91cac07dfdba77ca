package call

import "time"

// LookBackFor gives the search for earlier calls more time than a caller would wait: what is
// tested on a real database is not how busy the machine is.
func (b *Switchboard) LookBackFor(d time.Duration) { b.lookBackMost = d }

// ParkWait is how long a call waits for another stream.
const ParkWait = parkWait
