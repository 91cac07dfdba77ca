//go:build !386

package tcp

import (
	"sync"
	"syscall"
	"time"
)

// tick is how long a busy loop sleeps between two looks. It is what a message waits at most,
// beside the scheduler: half of it on average.
const tick = time.Millisecond

// loop watches the sockets of all connections and wakes who waits for one. While little
// happens, it waits in the runtime's poller and wakes at once. With some twenty calls there
// is something to do in every millisecond, and then it looks only once in each: readers wake
// together, and the thread sleeps and wakes once for all of them. That costs half of what
// waking for each message does.
type loop struct {
	poll *poll
	pace pace // run's alone

	mu    sync.Mutex
	conns []*Conn // by descriptor
	count int
}

// current is the process's loop, which lives as long as there are connections.
var current struct {
	sync.Mutex
	loop *loop
}

// watch puts a connection into the loop.
func watch(c *Conn) error {
	current.Lock()
	defer current.Unlock()
	if current.loop == nil {
		p, err := newPoll()
		if err != nil {
			return err
		}
		current.loop = &loop{poll: p, pace: pace{since: time.Now()}}
		go current.loop.run()
	}
	c.loop = current.loop
	err := c.loop.add(c)
	if err != nil {
		c.loop.forget(c)
	}
	return err
}

func (l *loop) add(c *Conn) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c.fd >= len(l.conns) {
		l.conns = append(l.conns, nil)
	}
	l.conns[c.fd] = c
	l.count++
	return l.poll.add(c.fd)
}

// unwatch takes a connection out, and ends the loop with the last of them.
func unwatch(c *Conn) {
	current.Lock()
	defer current.Unlock()
	c.loop.forget(c)
}

func (l *loop) forget(c *Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns[c.fd] == c { // and not the next connection with this descriptor
		l.conns[c.fd] = nil
	}
	if l.count--; l.count == 0 {
		current.loop = nil
		l.poll.end()
	}
}

func (l *loop) run() {
	defer l.poll.close()
	events := make([]syscall.EpollEvent, 128)
	for {
		n, err := 0, error(nil)
		if l.pace.busy {
			if err = l.poll.alarm.sleep(); err == nil {
				n, err = l.poll.look(events)
			}
		} else {
			n, err = l.poll.wait(events)
		}
		if err != nil { // closed
			return
		}
		l.report(events[:n])
		if was := l.pace.busy; was != l.pace.count(n, time.Now()) {
			l.poll.rest(was)
		}
	}
}

func (l *loop) report(events []syscall.EpollEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		if c := l.conns[e.Fd]; c != nil {
			c.report(e.Events)
		}
	}
}
