package api

import "github.com/patchcord/patchcord/consent"

// Campaign is a campaign and how many of its calls were abandoned, in GET /v1/campaigns.
type Campaign struct {
	consent.Campaign
	consent.Calls
}

// CampaignList is the answer of GET /v1/campaigns.
type CampaignList struct {
	Campaigns []Campaign `json:"campaigns"`
}

// CampaignRelease is the body of POST /v1/campaigns/release: it lets a campaign call again
// that a second abandoned call holds.
type CampaignRelease struct {
	Seller  string          `json:"seller"`
	Agent   string          `json:"agent"`
	Purpose consent.Purpose `json:"purpose"`
	By      string          `json:"by"`     // who releases it
	Reason  string          `json:"reason"` // why no further call will be abandoned
}
