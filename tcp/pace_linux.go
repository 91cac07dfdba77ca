//go:build !386

package tcp

import "time"

// A busy loop has something to do in every tick; one that has become busy stays so until it is
// clearly less. Reports are counted over a window.
const (
	paceWindow = 100 * time.Millisecond
	paceBusy   = int(paceWindow / tick)
	paceCalm   = paceBusy * 7 / 10
)

type pace struct {
	busy  bool
	seen  int // reports since
	since time.Time
}

// count counts reports, and returns whether the loop is busy.
func (p *pace) count(reports int, now time.Time) bool {
	p.seen += reports
	d := now.Sub(p.since)
	if d < paceWindow {
		return p.busy
	}
	rate := int(int64(p.seen) * int64(paceWindow) / int64(d))
	p.busy = rate >= paceBusy || p.busy && rate >= paceCalm
	p.seen, p.since = 0, now
	return p.busy
}
