package config

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
)

// What goes wrong on the network is said in words that need no knowledge of Go.
func TestInLine(t *testing.T) {
	t.Parallel()
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: err} }
	lookup := func(e net.DNSError) error { return &net.OpError{Op: "dial", Net: "tcp", Err: &e} }
	absent := net.DNSError{Err: "no such host", Name: "api.example", Server: "10.255.0.1:53", IsNotFound: true}
	certificate := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for want, err := range map[string]error{
		"agent: dial: unknown host api.example":                                   fmt.Errorf("agent: dial: %w", lookup(absent)),
		"unknown host api.example":                                                &absent,
		"the host api.example can't be looked up: does DNS work on this machine?": lookup(net.DNSError{Err: "server misbehaving", Name: "api.example", Server: "10.255.0.1:53"}),
		`Get "https://x.example/": connection refused by 127.0.0.1:1`:             &url.Error{Op: "Get", URL: "https://x.example/", Err: dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))},
		"no route to 127.0.0.1:1":                                                 dial(os.NewSyscallError("connect", syscall.ENETUNREACH)),
		"127.0.0.1:1 does not answer":                                             dial(os.NewSyscallError("connect", syscall.ETIMEDOUT)),
		"127.0.0.1:1 closed the connection":                                       dial(os.NewSyscallError("read", syscall.ECONNRESET)),
		"invalid certificate: it is signed by an unknown authority":               certificate(x509.UnknownAuthorityError{}),
		"invalid certificate: it has expired, or this machine's clock is wrong":   certificate(x509.CertificateInvalidError{Reason: x509.Expired}),
		"connect: here: connection refused by 127.0.0.1:1":                        fmt.Errorf("connect:\n\there: dial error: %w\n\there: dial error: %[1]w", dial(syscall.ECONNREFUSED)),
		"one: two; three":           errors.New("one:\n\ttwo\n  three"),
		"context deadline exceeded": context.DeadlineExceeded,
	} {
		if got := InLine(err); got != want {
			t.Errorf("%v is told as %q, want %q", err, got, want)
		}
	}
}
