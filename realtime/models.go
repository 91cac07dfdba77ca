package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ModelInfo is a model that a server lists.
type ModelInfo struct {
	ID       string
	Shutdown time.Time // the day on which it ends, in UTC; zero if none is announced, or the server doesn't say
}

// modelsMax bounds the list of models, in bytes.
const modelsMax = 4 << 20

// Models asks for the list of models, GET /v1/models, beside the address that Dial would
// use. HandshakeTimeout bounds it. Servers other than OpenAI's list theirs without a
// Shutdown, or have no such list: then the error is a *HandshakeError of 404.
func Models(ctx context.Context, o *DialOptions) ([]ModelInfo, error) {
	if o == nil {
		o = &DialOptions{}
	}
	list, err := o.models(ctx)
	if err != nil {
		return nil, fmt.Errorf("realtime: models: %w", err)
	}
	return list, nil
}

func (o *DialOptions) models(ctx context.Context) ([]ModelInfo, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	address, err := o.modelsAddress()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(o.HandshakeTimeout, 5*time.Second))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("field URL can't be asked")
	}
	r.Header = o.header()
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: o.NetDialContext,
		TLSClientConfig: o.TLSConfig, DisableKeepAlives: true}
	client := &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	var failed *url.Error
	switch {
	case errors.As(err, &failed):
		return nil, failed.Err // without the address
	case err != nil:
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, &HandshakeError{Status: res.StatusCode}
	}
	var list struct {
		Data []struct {
			ID       string `json:"id"`
			Shutdown any    `json:"shutdown_date"`
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, modelsMax)).Decode(&list); err != nil {
		return nil, errors.New("the list can't be read")
	}
	var all []ModelInfo
	for _, m := range list.Data {
		text, _ := m.Shutdown.(string)
		day, _ := time.Parse(time.DateOnly, text) // zero if it is no day
		all = append(all, ModelInfo{m.ID, day})
	}
	return all, nil
}

// modelsAddress is that of the list: where the socket's path ends in /realtime, the list's
// ends in /models.
func (o *DialOptions) modelsAddress() (string, error) {
	address, err := o.address()
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("field URL can't be read")
	}
	root, ok := strings.CutSuffix(strings.TrimRight(u.Path, "/"), "/realtime")
	if !ok {
		return "", errors.New("it isn't known where this server lists its models")
	}
	u.Scheme = "http" + strings.TrimPrefix(u.Scheme, "ws") // ws → http, wss → https
	u.Path, u.RawQuery = root+"/models", ""
	return u.String(), nil
}
