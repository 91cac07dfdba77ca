package keys

import (
	"net/netip"
	"sync"
	"time"
)

// Bounds of guessing.
const (
	maxGuesses   = 10          // wrong keys of one address in a window
	guessWindow  = time.Minute //
	addressesMax = 10_000      // in a window; those beyond share one count
	ipv6Network  = 64          // bits: whoever has one address of a network has all
)

// Guesses counts wrong keys by address. Its zero value is ready; it is safe for use by
// several goroutines.
type Guesses struct {
	mu     sync.Mutex
	since  time.Time
	counts map[netip.Addr]int
	logged bool
}

// Guess is what one more wrong key comes to.
type Guess struct {
	Refused bool          // there were too many: 429
	Retry   time.Duration // until the count begins again
	Log     bool          // it is the first refusal of this window, of any address
}

// Wrong counts a wrong key that came from an address.
func (g *Guesses) Wrong(from netip.Addr, now time.Time) Guess {
	g.mu.Lock()
	defer g.mu.Unlock()
	if age := now.Sub(g.since); g.counts == nil || age >= guessWindow || age < 0 {
		g.since, g.counts, g.logged = now, map[netip.Addr]int{}, false
	}
	from = network(from)
	if _, known := g.counts[from]; !known && len(g.counts) >= addressesMax {
		from = netip.Addr{}
	}
	if g.counts[from] < maxGuesses {
		g.counts[from]++
		return Guess{}
	}
	first := !g.logged
	g.logged = true
	return Guess{Refused: true, Retry: guessWindow - now.Sub(g.since), Log: first}
}

// network is the address by which somebody is counted.
func network(a netip.Addr) netip.Addr {
	if a = a.Unmap().WithZone(""); a.Is6() {
		p, err := a.Prefix(ipv6Network)
		if err == nil {
			return p.Addr()
		}
	}
	return a
}
