package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
)

// InLine is an error in one line. What Go says of a network is put in plainer words.
func InLine(err error) string {
	text := err.Error()
	if said, plainer := OfNetwork(err); said != "" {
		text = strings.NewReplacer("dial error: "+said, plainer, said, plainer).Replace(text) // the first is pgx's
	}
	line := ""
	for part := range strings.SplitSeq(text, "\n") {
		part = strings.TrimSpace(part)
		switch {
		case strings.HasSuffix(line, ":"):
			line += " " + part
		case line == "":
			line = part
		case !strings.HasSuffix(line, part): // pgx tries once with TLS and once without
			line += "; " + part
		}
	}
	return line
}

// OfNetwork is what an error says of the network, and what that means; both are empty if it says nothing of it.
func OfNetwork(err error) (said, plainer string) {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		said = op.Error()
		if op.Addr != nil {
			plainer = op.Addr.String()
		}
	}
	if outer, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return outer.Error(), "invalid certificate: " + ofCertificate(outer.Err)
	}
	name, unresolved := errors.AsType[*net.DNSError](err)
	switch {
	case unresolved && name.IsNotFound:
		plainer = "unknown host " + name.Name
	case unresolved:
		plainer = "the host " + name.Name + " can't be looked up: does DNS work on this machine?"
	case plainer == "":
		return "", ""
	case errors.Is(err, syscall.ECONNREFUSED):
		plainer = "connection refused by " + plainer
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		plainer = "no route to " + plainer
	case errors.Is(err, syscall.ECONNRESET):
		plainer += " closed the connection"
	case timedOut(err):
		plainer += " does not answer"
	default:
		return "", ""
	}
	if said == "" {
		said = name.Error()
	}
	return said, plainer
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// ofCertificate is why a certificate is refused.
func ofCertificate(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "it is signed by an unknown authority"
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "it has expired, or this machine's clock is wrong"
	}
	return strings.TrimPrefix(err.Error(), "x509: ")
}
