package realtime

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
)

// address is the URL to dial. What the configured URL has in its query stays; the model
// is added where it is absent. Its errors quote neither the URL nor any value, because
// both may carry keys.
func (o *DialOptions) address() (string, error) {
	t := o.Dialect.Traits()
	base := cmp.Or(o.URL, t.URL)
	if base == "" {
		return "", errors.New("field URL is empty: this dialect has no address of its own")
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil {
		return "", errors.New("field URL has not the form scheme://host[:port][/path]")
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return "", errors.New("field URL has another scheme than http, https, ws or wss")
	}
	u.Fragment = ""
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/realtime"
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errors.New("field URL has a query that can't be read")
	}
	if o.Dialect == Azure && q.Has("api-version") {
		return "", errors.New("field URL has an api-version: that is the preview's, in another shape; " +
			"the path of this one ends in /openai/v1/realtime")
	}
	for _, p := range o.parameters(t) {
		if p.value != "" && !q.Has(p.name) {
			u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+p.name+"="+url.QueryEscape(p.value), "&")
		}
	}
	return u.String(), nil
}

type parameter struct{ name, value string }

// parameters are those to be added to the query.
func (o *DialOptions) parameters(t Traits) []parameter {
	var p []parameter
	if !t.ModelInSession {
		p = append(p, parameter{"model", o.Model})
	}
	if t.Resume {
		p = append(p, parameter{"conversation_id", o.ResumeConversation})
	}
	if o.Dialect == Inworld { // it wants a name for the session
		p = append(p, parameter{"key", "voice-" + rand.Text()}, parameter{"protocol", "realtime"})
	}
	return p
}
