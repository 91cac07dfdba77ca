package api

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// verifyTimeout bounds verifying a ledger, which reads all of it.
const verifyTimeout = 11 * time.Minute

// RecordEvents writes events into the ledger, all or none, and says where, in their order. With
// DryRun it writes nothing and has no receipts: an error says why it couldn't.
func (c *Client) RecordEvents(ctx context.Context, q EventsQuery, events ...Event) ([]consent.Receipt, error) {
	return ask[[]consent.Receipt](ctx, c, request{method: "POST", path: "/v1/consent/events", query: q, body: events})
}

// Check decides on a call. Nothing is placed or reserved, and a refusal is no error.
func (c *Client) Check(ctx context.Context, i Intent) (consent.Decision, error) {
	return ask[consent.Decision](ctx, c, request{method: "POST", path: "/v1/consent/check", body: i})
}

// CheckAll decides on 1 to 1000 calls, in their order.
func (c *Client) CheckAll(ctx context.Context, list []Intent) ([]consent.Decision, error) {
	q := request{method: "POST", path: "/v1/consent/check", body: Intents{list}}
	answer, err := ask[Decisions](ctx, c, q)
	if err == nil && len(answer.Decisions) != len(list) {
		err = fmt.Errorf("the service gave %d decisions on %d calls", len(answer.Decisions), len(list))
	}
	return answer.Decisions, err
}

// Consent is the state and the full history of a number.
func (c *Client) Consent(ctx context.Context, number string) (History, error) {
	return ask[History](ctx, c, request{method: "GET", path: "/v1/consent/" + url.PathEscape(number)})
}

// Export opens the ledger's rows, as lines of JSON. Sealed says that what is personal is left
// out, because the key lacks the right to see it. The caller closes it; it is bounded by ctx
// alone, and an error of reading means that it is not whole.
func (c *Client) Export(ctx context.Context, f ExportFilter) (lines io.ReadCloser, sealed bool, err error) {
	res, err := c.send(ctx, request{method: "GET", path: "/v1/consent/export", query: f})
	if err != nil {
		return nil, false, err
	}
	return res.Body, res.Header.Get(SealedHeader) != "", nil
}

// Verify has the ledger's chain computed again. A chain that doesn't hold is no error.
func (c *Client) Verify(ctx context.Context) (proof.VerifyResult, error) {
	return ask[proof.VerifyResult](ctx, c, request{method: "GET", path: "/v1/consent/verify", timeout: verifyTimeout})
}

// Replay has the decision of a row made again, and compared.
func (c *Client) Replay(ctx context.Context, seq int64) (consent.Replayed, error) {
	return ask[consent.Replayed](ctx, c, request{method: "GET", path: fmt.Sprintf("/v1/consent/replay/%d", seq)})
}

// SendLink texts a one-time link, and a code, to a person who has asked for calls again.
func (c *Client) SendLink(ctx context.Context, to LinkRequest) (LinkSent, error) {
	return ask[LinkSent](ctx, c, request{method: "POST", path: "/v1/consent/links", body: to})
}

// Unclear is a page of the rows for which somebody has to decide.
func (c *Client) Unclear(ctx context.Context, q PageQuery) (UnclearList, error) {
	return ask[UnclearList](ctx, c, request{method: "GET", path: "/v1/consent/unclear", query: q})
}

// Campaigns is the campaigns, with their calls of the last 30 days.
func (c *Client) Campaigns(ctx context.Context) (CampaignList, error) {
	return ask[CampaignList](ctx, c, request{method: "GET", path: "/v1/campaigns"})
}

// ReleaseCampaign lets a campaign call again.
func (c *Client) ReleaseCampaign(ctx context.Context, r CampaignRelease) (consent.Receipt, error) {
	return ask[consent.Receipt](ctx, c, request{method: "POST", path: "/v1/campaigns/release", body: r})
}
