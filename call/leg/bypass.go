package leg

// NewBypass makes one that is shut.
func NewBypass[T comparable]() Bypass[T] { return Bypass[T]{lock: make(lock, 1)} }

// Bypass carries the caller's sound from the goroutine that reads it straight to
// the agent. Nearly every frame needs no decision, and to wake run for fifty of
// them a second costs a good part of a call. Run opens it when sound may go to
// an agent as it is, and shuts it when it may not; then frames go to run.
type Bypass[T comparable] struct {
	opened T // what run opened it to; run's alone

	lock   lock // holds for what follows, and while a frame is sent
	to     T    // its zero value: shut
	behind int  // frames handed to run that it hasn't dealt with: none may overtake them
}

// lock is a mutex made of a channel. Unlike a sync.Mutex it lets the virtual
// time of testing/synctest pass while someone waits for it.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

// Open lets sound pass to an agent from now on, or to nobody. When it returns,
// no frame is on its way to another.
func (b *Bypass[T]) Open(to T) {
	if to == b.opened {
		return
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	b.opened, b.to = to, to
}

// Pass gives the agent to send, which tells whether it took the frame. If pass
// is false, run has to deal with the frame and to call done, and nothing passes
// before.
func (b *Bypass[T]) Pass(send func(T) bool) bool {
	b.lock.Lock()
	defer b.lock.Unlock()
	var shut T
	if b.to != shut && b.behind == 0 && send(b.to) {
		return true
	}
	b.behind++
	return false
}

// Done says that run has dealt with a frame that did not pass.
func (b *Bypass[T]) Done() {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.behind--
}
