package api

import (
	"context"
	"net/url"
)

// CreateKey makes a key of the API. It may do no more than the client's own.
func (c *Client) CreateKey(ctx context.Context, r KeyRequest) (KeyCreated, error) {
	return ask[KeyCreated](ctx, c, request{method: "POST", path: "/v1/keys", body: r})
}

// Keys is all keys, the oldest first.
func (c *Client) Keys(ctx context.Context) (KeyList, error) {
	return ask[KeyList](ctx, c, request{method: "GET", path: "/v1/keys"})
}

// RevokeKey ends a key at once; to do so twice is no error.
func (c *Client) RevokeKey(ctx context.Context, name string) (Key, error) {
	return ask[Key](ctx, c, request{method: "DELETE", path: "/v1/keys/" + url.PathEscape(name)})
}

// Audit is a page of who did what.
func (c *Client) Audit(ctx context.Context, f AuditFilter) (AccessList, error) {
	return ask[AccessList](ctx, c, request{method: "GET", path: "/v1/audit", query: f})
}
