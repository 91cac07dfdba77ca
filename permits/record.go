package permits

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// ErrUnknown is a permit that was never issued, or so long ago that it is forgotten.
var ErrUnknown = errors.New("permits: not found")

// Record is one permit as it is kept. The store sees neither numbers nor the secret,
// but what only the holder of the key can compute or open.
type Record struct {
	ID        string
	Person    [32]byte // stands for the number
	Sealed    []byte   // what is personal, and the secret
	ExpiresAt time.Time
	CallRef   string // empty until the first event
	Ended     bool   // nothing more can become of it
	Events    []Reported

	request  consent.Request
	callback string
	secret   string
}

// Claim is the row of one event.
type Claim struct {
	ID     string
	Digest [32]byte // of the event as it was sent
	Type   EventType
	At     time.Time
	Answer Answer
}

// Store keeps permits and what was reported of them. Its errors hold nothing
// personal.
type Store interface {
	// AddPermit keeps a new permit.
	AddPermit(ctx context.Context, r Record) error
	// ReportPermit locks a permit and gives it to f, with the claim of this id if there
	// is one already. What f returns is kept, with the record's CallRef and Ended; nil
	// keeps nothing. ErrUnknown if there is no such permit.
	ReportPermit(ctx context.Context, id, eventID string, f func(*Record, *Claim) (*Claim, error)) error
	// RevokePermits marks the live permits of a person for which f says so.
	RevokePermits(ctx context.Context, person [32]byte, f func(*Record) bool) error
	// DueCallbacks takes up to n permits whose revocation is to be posted; each is due
	// again after wait, unless CallbackDone was called.
	DueCallbacks(ctx context.Context, n int, wait time.Duration) ([]Record, error)
	CallbackDone(ctx context.Context, id string) error
	// UnheardPermits is up to n permits that expired before the given time, and of which
	// nothing was reported.
	UnheardPermits(ctx context.Context, before time.Time, n int) ([]Record, error)
	EndPermit(ctx context.Context, id string) error
}

// content is what is sealed of a record. The request is kept as far as a refusal has
// to be held against it.
type content struct {
	To        string          `json:"to"`
	From      string          `json:"from"`
	CallID    string          `json:"call_id"`
	Agent     string          `json:"agent"`
	Seller    string          `json:"seller"`
	Purpose   consent.Purpose `json:"purpose"`
	Marketing bool            `json:"marketing"`
	Subject   string          `json:"subject,omitempty"`
	Callback  string          `json:"callback,omitempty"`
	Secret    string          `json:"secret"`
}

// vault hides what is personal from the store.
type vault struct {
	key  []byte
	aead cipher.AEAD
}

func newVault(key []byte) (*vault, error) {
	if len(key) != 32 {
		return nil, errors.New("permits: the key must have 32 bytes")
	}
	v := &vault{key: key}
	sub := v.mac("sealing")
	block, err := aes.NewCipher(sub[:])
	if err != nil {
		return nil, err
	}
	v.aead, err = cipher.NewGCMWithRandomNonce(block)
	return v, err
}

func (v *vault) mac(text string) [32]byte {
	h := hmac.New(sha256.New, v.key)
	h.Write([]byte(text))
	return [32]byte(h.Sum(nil))
}

func (v *vault) person(n phone.Number) [32]byte { return v.mac("person\n" + n.E164()) }

// seal fills Person and Sealed.
func (v *vault) seal(r *Record) error {
	q := r.request
	b, err := json.Marshal(content{q.To.E164(), q.From.E164(), q.CallID, q.Agent, q.Seller.Name, q.Purpose,
		q.Marketing, q.Subject, r.callback, r.secret})
	if err != nil {
		return err
	}
	r.Person, r.Sealed = v.person(q.To), v.aead.Seal(nil, nil, b, []byte(r.ID))
	return nil
}

// open fills what seal has hidden. Sellers completes the seller.
func (v *vault) open(r *Record, sellers map[string]consent.Seller) error {
	b, err := v.aead.Open(nil, nil, r.Sealed, []byte(r.ID))
	if err != nil {
		return errors.New("permits: can't decrypt a permit; was BRIDGE_MASTER_KEY changed?")
	}
	var c content
	if err := json.Unmarshal(b, &c); err != nil {
		return errors.New("permits: can't read a permit")
	}
	to, err := phone.Parse(c.To)
	if err != nil {
		return errors.New("permits: can't read a permit")
	}
	from, _ := phone.Parse(c.From) // it was none of ours
	seller, ok := consent.SellerOf(sellers, c.Seller)
	if !ok { // nobody says who it is now, so whatever the person refuses may have been said to it
		seller = consent.Seller{Name: c.Seller, Known: []string{}}
	}
	r.request = consent.Request{CallID: c.CallID, To: to, From: from, Agent: c.Agent, Seller: seller,
		Purpose: c.Purpose, Marketing: c.Marketing, Subject: c.Subject}
	r.callback, r.secret = c.Callback, c.Secret
	return nil
}
