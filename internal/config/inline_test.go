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
		"agent: dial: there is no host api.example":                                     fmt.Errorf("agent: dial: %w", lookup(absent)),
		"there is no host api.example":                                                  &absent,
		"the host api.example can't be looked up: is this machine's DNS there?":         lookup(net.DNSError{Err: "server misbehaving", Name: "api.example", Server: "10.255.0.1:53"}),
		`Get "https://x.example/": nothing listens at 127.0.0.1:1`:                      &url.Error{Op: "Get", URL: "https://x.example/", Err: dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))},
		"there is no way to 127.0.0.1:1":                                                dial(os.NewSyscallError("connect", syscall.ENETUNREACH)),
		"127.0.0.1:1 does not answer":                                                   dial(os.NewSyscallError("connect", syscall.ETIMEDOUT)),
		"127.0.0.1:1 broke the connection":                                              dial(os.NewSyscallError("read", syscall.ECONNRESET)),
		"its certificate is not good: nobody known here has signed it":                  certificate(x509.UnknownAuthorityError{}),
		"its certificate is not good: it has expired, or this machine's clock is wrong": certificate(x509.CertificateInvalidError{Reason: x509.Expired}),
		"connect: here: nothing listens at 127.0.0.1:1":                                 fmt.Errorf("connect:\n\there: dial error: %w\n\there: dial error: %[1]w", dial(syscall.ECONNREFUSED)),
		"one: two; three":           errors.New("one:\n\ttwo\n  three"),
		"context deadline exceeded": context.DeadlineExceeded,
	} {
		if got := InLine(err); got != want {
			t.Errorf("%v is told as %q, want %q", err, got, want)
		}
	}
}
