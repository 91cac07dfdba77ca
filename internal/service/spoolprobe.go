package service

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// probeEvery is how long an answer of a spoolProbe holds: balancers ask several times a second.
const probeEvery = 5 * time.Second

// probeSize is what a probe writes, in bytes: a full disk takes the name of a file, and none of it.
const probeSize = 4096

// spoolProbe tells whether what waits for Postgres could be written to disk. The spools are files of one folder, which
// nobody writes while the database answers: that the disk is full would be noticed when it is too late.
type spoolProbe struct {
	dir string

	mu  sync.Mutex
	at  time.Time // when it was tried last
	err error     // what came of it
}

// Check tries it, at most every probeEvery. The error has the name of a file in the spool's folder.
func (p *spoolProbe) Check() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.at) >= probeEvery {
		p.at, p.err = now, p.write()
	}
	return p.err
}

func (p *spoolProbe) write() error {
	f, err := os.CreateTemp(p.dir, "probe-*")
	if err != nil {
		return fmt.Errorf("service: spool: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, probeSize))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("service: spool: %w", err)
	}
	return nil
}
