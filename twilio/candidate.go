package twilio

import (
	"net/http"
	"net/url"
	"strings"
)

// Variant is a way of writing a URL that differs from the configured one and means the
// same. Which of them Twilio signs has changed over time and differs between webhooks
// and sockets.
type Variant string

// The ways of writing a URL.
const (
	Plain        Variant = ""               // as configured
	OtherPort    Variant = "port"           // with the default port, or without it
	OtherSlash   Variant = "slash"          // with a slash at the path's end, or without it
	OtherPortEnd Variant = "port and slash" // both
)

// base is the part of a URL before the request's own path.
type base struct {
	url     string
	variant Variant
}

// basesOf returns the public URL as configured, and with the scheme's default port put
// in or taken out. host may have a port; path has no slash at its end.
func basesOf(scheme, host, path string) []base {
	port := ":443"
	if scheme == "http" || scheme == "ws" {
		port = ":80"
	}
	bases := []base{{scheme + "://" + host + path, Plain}}
	if bare, has := strings.CutSuffix(host, port); has {
		bases = append(bases, base{scheme + "://" + bare + path, OtherPort})
	} else if (&url.URL{Host: host}).Port() == "" {
		bases = append(bases, base{scheme + "://" + host + port + path, OtherPort})
	}
	return bases
}

// candidate is a URL that Twilio may have signed.
type candidate struct {
	url     string
	variant Variant
}

// candidates returns the ways in which Twilio may write the URL of a request, the most
// likely first. Path and query stay as they came: to decode and encode them again would
// change what was signed.
func candidates(bases []base, uri string) []candidate {
	path, query := uri, ""
	if i := strings.IndexByte(uri, '?'); i >= 0 {
		path, query = uri[:i], uri[i:]
	}
	other, has := strings.CutSuffix(path, "/")
	if !has {
		other = path + "/"
	}
	var all []candidate
	for _, b := range bases {
		all = append(all, candidate{b.url + path + query, b.variant})
	}
	for _, b := range bases {
		v := OtherSlash
		if b.variant == OtherPort {
			v = OtherPortEnd
		}
		all = append(all, candidate{b.url + other + query, v})
	}
	return all
}

// requestURI is the path and query as they stood in the request line.
func requestURI(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI() // a proxy sent the absolute form, or a test made r by hand
}
