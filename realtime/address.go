package realtime

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"

	"github.com/patchcord/patchcord/internal/wire"
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
	u, err := wire.Address(base)
	if err != nil {
		return "", err
	}
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
