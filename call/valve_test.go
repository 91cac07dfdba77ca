package call_test

import (
	"net"
	"sync"
	"testing"
)

// valve is a stretch of wire to some server that can fail in two ways: frozen,
// the connections that exist carry nothing more, and nobody is told; cut, they
// break, and new ones are refused.
type valve struct {
	listener net.Listener
	target   string
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	cut   bool
	frost chan struct{}   // closed when what is connected now freezes
	ended []chan struct{} // closed when what is frozen is given up
}

// newValve makes one that ends with the test.
func newValve(t testing.TB, target string) *valve {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &valve{listener: l, target: target, conns: map[net.Conn]bool{}, frost: make(chan struct{}), ended: []chan struct{}{make(chan struct{})}}
	v.wg.Go(v.accept)
	t.Cleanup(func() {
		l.Close()
		v.Cut()
		v.wg.Wait()
	})
	return v
}

// Addr is where to connect to.
func (v *valve) Addr() string { return v.listener.Addr().String() }

func (v *valve) accept() {
	for {
		near, err := v.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", v.target)
		if err != nil {
			near.Close()
			continue
		}
		v.connect(near, far)
	}
}

func (v *valve) connect(near, far net.Conn) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cut {
		near.Close()
		far.Close()
		return
	}
	v.conns[near], v.conns[far] = true, true
	frost, ended := v.frost, v.ended[len(v.ended)-1]
	v.wg.Go(func() { flow(far, near, frost, ended) })
	v.wg.Go(func() { flow(near, far, frost, ended) })
}

func flow(to, from net.Conn, frost, ended <-chan struct{}) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		select {
		case <-frost:
			<-ended
			return
		default:
		}
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

// Freeze stops what is connected now. What is connected later flows.
func (v *valve) Freeze() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.frost)
	v.frost = make(chan struct{})
	v.ended = append(v.ended, make(chan struct{}))
}

// Cut breaks all connections, and refuses new ones until Mend.
func (v *valve) Cut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cut = true
	for c := range v.conns {
		c.Close()
	}
	clear(v.conns)
	for _, ended := range v.ended {
		close(ended)
	}
	v.ended = []chan struct{}{make(chan struct{})}
}

// Mend lets new connections through.
func (v *valve) Mend() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cut = false
}

// narrow is a listener whose connections send through the smallest of buffers,
// so that a peer that stops reading is noticed soon.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(1)
	}
	return c, err
}
