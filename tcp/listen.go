package tcp

import (
	"context"
	"errors"
	"io"
	"net"
)

// Listen announces on a TCP address. The connections that it accepts are cheap ones,
// and once the process is killed nobody is let in any more to be thrown out at once
// (on Linux; see [first]).
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return listener{l, first(l)}, nil
}

type listener struct {
	net.Listener
	twin io.Closer
}

// Close closes the twin before: who is let in by it alone would never be answered.
func (l listener) Close() error {
	return errors.Join(l.twin.Close(), l.Listener.Close())
}

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return wrap(c), nil
}

// DialContext connects, as that of a net.Dialer does.
func DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return wrap(c), nil
}
