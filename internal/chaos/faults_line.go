package chaos

import (
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// LineFaults is what happens to the media of a call on its way between the carrier and us.
var LineFaults = []*Event{
	{Name: "line dropped", What: "The line breaks without a word.",
		Needs: NeedsLine, Do: func(_ *World, t *Talk, _ Planned) {
			t.line().Break(errBroken)
		}},
	{Name: "line half-open", What: "Nothing arrives any more, and neither end is told; the carrier gives the line up after a while.",
		Needs: NeedsLine,
		Do: func(_ *World, t *Talk, p Planned) {
			l := t.line()
			t.excuse(p.For + 4*time.Second) // and until the next line has an agent
			l.with(func() { l.halfOpen = true })
			time.Sleep(p.For)
			l.Break(errBroken)
		}},
	{Name: "line stalls", What: "The caller's sound stands still, and comes all at once.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.stall = p.For / 3
		})},
	{Name: "line congested", What: "A send takes two seconds.",
		Needs: NeedsLine, Do: func(_ *World, t *Talk, _ Planned) {
			t.excuse(4 * time.Second)
			l := t.line()
			l.with(func() { l.clog = 2 * time.Second })
		}},
	{Name: "line deaf", What: "Every send fails, and the line breaks.",
		Needs: NeedsLine, Do: func(_ *World, t *Talk, _ Planned) {
			l := t.line()
			l.with(func() { l.mute = true })
			time.Sleep(100 * time.Millisecond)
			l.Break(errBroken)
		}},
	{Name: "frames reordered", What: "Neighboring frames of the caller's change places.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.swap = p.Count
		})},
	{Name: "frames doubled", What: "Frames of the caller's arrive twice.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.twice = p.Count
		})},
	{Name: "garbage on the line", What: "Messages that can't be read, unknown ones, a second start, marks of nobody's, wild timestamps.",
		Needs: NeedsLine, Do: garbage},
	{Name: "marks lost", What: "The carrier doesn't say that sound was played.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.lost = p.Count
		})},
	{Name: "marks late", What: "The carrier says late that sound was played.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.lagging, l.lag = p.Count, p.For
		})},
	{Name: "marks twice", What: "The carrier says twice that sound was played.",
		Needs: NeedsLine, Do: onLine(func(l *Line, p Planned) {
			l.again = p.Count
		})},
	{Name: "stop without an end", What: "The carrier says that the caller is gone, and the line stays.",
		Needs: NeedsLine, Do: func(_ *World, t *Talk, _ Planned) {
			t.line().Tell(carrier.Stop{})
		}},
}

// onLine is a fault that changes how the line behaves.
func onLine(f func(*Line, Planned)) func(*World, *Talk, Planned) {
	return func(_ *World, t *Talk, p Planned) {
		l := t.line()
		l.with(func() { f(l, p) })
	}
}

func garbage(_ *World, t *Talk, p Planned) {
	l := t.line()
	for n := range p.Count {
		switch n % 5 {
		case 0:
			l.Tell(carrier.Malformed{Reason: "not JSON"})
		case 1:
			l.Tell(carrier.Unknown{Name: "surprise"})
		case 2:
			l.Tell(carrier.Start{Call: "another", Token: "none"})
		case 3:
			l.Tell(carrier.Mark{Name: "nobody's"})
		default:
			m := carrier.NewMedia()
			m.Timestamp, m.Payload = int64(n)*1_000_003-4_000_000, append(m.Payload, 0xff)
			l.Tell(m)
		}
	}
}
