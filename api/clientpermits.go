package api

import (
	"context"
	"net/url"
)

// IssuePermit asks the gate about a call that somebody else will place. A refusal is a *Problem
// with its Decision.
func (c *Client) IssuePermit(ctx context.Context, r PermitRequest) (PermitIssued, error) {
	return ask[PermitIssued](ctx, c, request{method: "POST", path: "/v1/permits", body: r})
}

// ReportPermit says what became of the call of a permit.
func (c *Client) ReportPermit(ctx context.Context, id string, e PermitEvent) (PermitReported, error) {
	path := "/v1/permits/" + url.PathEscape(id) + "/events"
	return ask[PermitReported](ctx, c, request{method: "POST", path: path, body: e})
}
