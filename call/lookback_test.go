package call

import "time"

// LookBackFor gives the search for earlier calls more time than a caller would wait: what is
// tested on a real database is not how busy the machine is.
func (b *Switchboard) LookBackFor(d time.Duration) { b.lookBackMost = d }

// OwnerWaitFor gives the instance that has a call as much time to answer for it.
func (b *Switchboard) OwnerWaitFor(d time.Duration) { b.ownerWait = d }

// Idle tells whether the switchboard holds no call.
func (b *Switchboard) Idle() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.table.busy == 0
}
