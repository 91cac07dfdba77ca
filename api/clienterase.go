package api

import (
	"context"
	"fmt"
	"net/url"

	"github.com/patchcord/patchcord/consent"
)

// Erase deletes what is personal of a number, or says how far that is. What is not done when it
// answers goes on by itself.
func (c *Client) Erase(ctx context.Context, number string, q EraseQuery) (Erasure, error) {
	return ask[Erasure](ctx, c, request{method: "DELETE", path: "/v1/consent/" + url.PathEscape(number), query: q})
}

// Erasure is how far an erasure is.
func (c *Client) Erasure(ctx context.Context, id string) (Erasure, error) {
	return ask[Erasure](ctx, c, request{method: "GET", path: "/v1/consent/erasures/" + url.PathEscape(id)})
}

// Holds is a page of the legal holds.
func (c *Client) Holds(ctx context.Context, q PageQuery) (HoldList, error) {
	return ask[HoldList](ctx, c, request{method: "GET", path: "/v1/consent/holds", query: q})
}

// PlaceHold keeps a person's data from being erased.
func (c *Client) PlaceHold(ctx context.Context, h HoldRequest) (consent.Receipt, error) {
	return ask[consent.Receipt](ctx, c, request{method: "POST", path: "/v1/consent/holds", body: h})
}

// ReleaseHold ends a legal hold, named by its row. An erasure that waits for it goes on.
func (c *Client) ReleaseHold(ctx context.Context, seq int64, r HoldRelease) (consent.Receipt, error) {
	path := fmt.Sprintf("/v1/consent/holds/%d/release", seq)
	return ask[consent.Receipt](ctx, c, request{method: "POST", path: path, body: r})
}
