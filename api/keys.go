package api

import "time"

// KeyRequest is the body of POST /v1/keys.
type KeyRequest struct {
	Name    string   `json:"name"`
	Rights  []string `json:"may"`
	Sellers []string `json:"seller,omitempty"` // it sees these alone; all of them if there are none
	For     string   `json:"for,omitempty"`    // its life, such as 90d, which is the default, or 12h
}

// Key is a key of the API, without its secret.
type Key struct {
	Name    string     `json:"name"`
	Rights  []string   `json:"may"`
	Sellers []string   `json:"seller"` // it sees these alone; all of them if there are none
	Created time.Time  `json:"created_at"`
	By      string     `json:"created_by"` // the key that made it
	Expires time.Time  `json:"expires_at"`
	Used    *time.Time `json:"used_at"`    // last, to about a minute; null for never
	Revoked *time.Time `json:"revoked_at"` // null until it is
	State   string     `json:"state"`      // live, expired or revoked
}

// KeyCreated is the answer of POST /v1/keys. The secret is given here and never again.
type KeyCreated struct {
	Key    Key    `json:"key"`
	Secret string `json:"secret"`
}

// KeyList is the answer of GET /v1/keys, the oldest first.
type KeyList struct {
	Keys []Key `json:"keys"`
}
