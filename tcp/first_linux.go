//go:build !386

package tcp

import (
	"io"
	"net"
	"os"
)

// high are descriptors above those of the live calls, which have two each: the first
// that the process may have. The kernel keeps 8 bytes for each one below it.
var high = []uintptr{8191, 1023}

// first gives a listening socket a second descriptor, a high one, so that it is
// the first that is closed when the process is killed: Linux closes the sockets
// of a dead process from the highest descriptor to the lowest, and a listening
// one has a low descriptor. Otherwise a peer whose connection has just ended, and
// who asks again at once, is let in and reset a moment later. It can't know what
// became of its request then; a refused one can be sent again.
// Where there is no such descriptor nothing is closed first.
func first(l net.Listener) io.Closer {
	none := io.NopCloser(nil)
	t, ok := l.(*net.TCPListener)
	if !ok {
		return none
	}
	for _, least := range high {
		if fd, err := twin(t, least); err == nil {
			return os.NewFile(uintptr(fd), "listener")
		}
	}
	return none
}
