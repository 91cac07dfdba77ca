package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/phone"
)

// inputs is what a decision was made from, beside the person's rows up to its AsOf, the
// policy and the seller's record: those are kept once each, by their digests. It is
// personal, and kept sealed.
type inputs struct {
	Request keptRequest `json:"request"`

	// Snapshot has of the facts only those that waited in the spool.
	Snapshot Snapshot `json:"snapshot"`
}

// keptRequest is a request whose numbers can be read again. Its seller is a digest.
type keptRequest struct {
	To     string
	From   string
	Seller string
	Request
}

// sellerRecord is a seller's record as it is kept.
type sellerRecord struct {
	Callback       string
	TollfreeOptout string
	Seller
}

// inputsOf is the inputs of a decision, to be kept with it. Waiting is the facts of the
// spool among those of s.
func inputsOf(req Request, s Snapshot, waiting []Fact) (json.RawMessage, error) {
	_, digest := req.Seller.record()
	s.Facts, s.Calls = waiting, nil
	b, err := json.Marshal(inputs{keptRequest{req.To.E164(), req.From.E164(), digest, req}, s})
	if err != nil {
		return nil, fmt.Errorf("consent: the inputs of a decision can't be written: %w", err)
	}
	return b, nil
}

// read is the request and the snapshot as the gate gave them to the policy, but for the
// facts of the ledger.
func readInputs(raw json.RawMessage, sellers map[string]string) (Request, Snapshot, error) {
	if len(raw) == 0 {
		return Request{}, Snapshot{},
			errors.New("its inputs were not stored: it is from an earlier version, or its person was erased")
	}
	var in inputs
	if err := json.Unmarshal(raw, &in); err != nil {
		return Request{}, Snapshot{}, errors.New("its inputs can't be read")
	}
	req := in.Request.Request
	var err error
	if req.To, err = phone.Parse(in.Request.To); err != nil {
		return Request{}, Snapshot{}, errors.New("its inputs do not name a number")
	}
	if req.From, err = optionalNumber(in.Request.From); err != nil {
		return Request{}, Snapshot{}, errors.New("its inputs can't be read")
	}
	text, ok := sellers[in.Request.Seller]
	if !ok {
		return Request{}, Snapshot{}, fmt.Errorf("the seller's record %.12s… was not stored", in.Request.Seller)
	}
	if req.Seller, err = readSeller(text); err != nil {
		return Request{}, Snapshot{}, err
	}
	for i := range in.Snapshot.Facts {
		in.Snapshot.Facts[i].Number = req.To
	}
	return req, in.Snapshot, nil
}

// record is a seller as it is kept, and its digest.
func (s Seller) record() (text, digest string) {
	b, err := json.Marshal(sellerRecord{s.Callback.E164(), s.TollfreeOptout.E164(), s})
	if err != nil {
		panic("internal error: a seller can't be written: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:])
}

func readSeller(text string) (Seller, error) {
	var r sellerRecord
	err := json.Unmarshal([]byte(text), &r)
	if err == nil {
		r.Seller.Callback, err = optionalNumber(r.Callback)
	}
	if err == nil {
		r.Seller.TollfreeOptout, err = optionalNumber(r.TollfreeOptout)
	}
	if err != nil {
		return Seller{}, errors.New("the seller's record can't be read")
	}
	return r.Seller, nil
}

func optionalNumber(e164 string) (phone.Number, error) {
	if e164 == "" {
		return phone.Number{}, nil
	}
	return phone.Parse(e164)
}
