package call_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"

	"github.com/patchcord/patchcord/carrier"
)

// otherLine is a line with another sound than the telephone network's.
type otherLine struct {
	carrier.Line
	reads  int
	closed []carrier.Closing
}

func (*otherLine) Format() carrier.Format { return carrier.Format{Encoding: "L16", Rate: 16000} }

func (l *otherLine) Receive(context.Context) (carrier.Event, error) {
	l.reads++
	return nil, net.ErrClosed
}

func (l *otherLine) Close(why carrier.Closing) error {
	l.closed = append(l.closed, why)
	return nil
}

// A line whose sound the call can't carry is refused before it is read.
func TestLineOfAnotherFormat(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		l := &otherLine{}
		b.board.Connect(l)
		synctest.Wait()
		if l.reads > 0 || len(l.closed) != 1 || l.closed[0] != carrier.Refused {
			b.Errorf("read %d times, closed with %v, want once, refused", l.reads, l.closed)
		}
	})
}
