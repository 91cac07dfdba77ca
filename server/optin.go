package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Texter sends texts from our numbers.
type Texter interface {
	SendText(ctx context.Context, from, to phone.Number, body string) error
}

// linkLife is how long a link may be used: long enough for a person who is asked on the
// telephone, too short to be found later.
const linkLife = time.Hour

// offer is what a one-time link offers to whom it was sent. It travels sealed in the link
// itself, so that nobody else can make or read one.
type offer struct {
	ID       string            `json:"i"`
	Number   string            `json:"n"`
	Seller   string            `json:"s"`
	Renews   int64             `json:"r"`
	Purposes []consent.Purpose `json:"p"`
	Until    int64             `json:"u"`           // seconds since 1970
	Code     string            `json:"c,omitempty"` // not in a link
}

// linkBody is the fields of POST /v1/consent/links.
var linkBody = fieldsOf[api.LinkRequest]()

// sendLink texts a one-time link, and a code, to a person who has asked for calls again. They go to the
// number alone: whoever asks for them here never sees them.
func (s *Server) sendLink(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, 64<<10)
	if !ok {
		return
	}
	var wrong []api.FieldError
	o := readObject(raw, "", &wrong, linkBody...)
	to := o.number("number")
	of := offer{ID: rand.Text(), Number: to.E164(), Seller: o.text("seller", maxWordLength), Until: s.cfg.now().Add(linkLife).Unix()}
	o.read("renews", "the seq of a row", &of.Renews)
	o.read("purposes", "an array of purposes", &of.Purposes)
	if of.Renews <= 0 {
		o.complain("renews", "want the seq of the opt-out that it lifts")
	}
	seller, known := s.cfg.Directory.seller(of.Seller)
	if of.Seller = seller.Name; !known {
		o.complain("seller", "unknown seller")
	}
	from, texts := s.cfg.Directory.TextsFrom[of.Seller]
	if known && (!texts || s.cfg.Texter == nil) {
		problem(w, http.StatusNotImplemented, "not set up", "this seller can't send texts: set texts_from in bridge.yaml")
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	if len(wrong) == 0 {
		fact := of.fact(s.cfg.now(), seller, to)
		var bad consent.FieldErrors
		if errors.As(fact.Validate(s.cfg.now()), &bad) {
			for _, p := range bad {
				wrong = append(wrong, fieldError(p.Field, p.Problem))
			}
		} else if err := s.checkNamed(ctx, []consent.Fact{fact}, false, &wrong); err != nil {
			s.ledgerAway(err).send(w)
			return
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	once := s.secret("one-time link sent", fmt.Appendf(nil, "%s %d", of.Number, of.Renews))
	switch c, err := s.cfg.Answers.Claim(ctx, once, once, "", linkLife); {
	case err != nil:
		s.ledgerAway(err).send(w)
		return
	case !c.Mine:
		problem(w, http.StatusConflict, "sent before", "a link for this opt-out was already sent within the last hour")
		return
	}
	link := s.cfg.PublicURL + "/optin/" + s.sealOffer(of)
	of.Code = newCode()
	if err := s.keepCode(ctx, of, to, from); err != nil {
		_ = s.cfg.Answers.DropClaim(ctx, once)
		s.ledgerAway(err).send(w)
		return
	}
	if err := s.cfg.Texter.SendText(ctx, from, to, of.ask(seller, link)); err != nil {
		s.log.Warn().Err(err).Msg("one-time link not sent")
		_ = s.cfg.Answers.DropClaim(ctx, once) // else it is an hour until the next try
		problem(w, http.StatusBadGateway, "not sent", "the carrier did not accept the text")
		return
	}
	reply(w, http.StatusAccepted, api.LinkSent{ExpiresAt: time.Unix(of.Until, 0).UTC()})
}

// fact is the consent of a person who confirms an offer.
func (of offer) fact(now time.Time, seller consent.Seller, n phone.Number) consent.Fact {
	return consent.Fact{Type: consent.Grant, Number: n, Seller: seller.Name, OccurredAt: now, Source: "one_time_link", Via: consent.ViaLink, Renews: of.Renews,
		Tier: consent.Express, Purposes: of.Purposes, Channels: []string{consent.VoiceAI},
		Evidence: &consent.Evidence{Method: "one_time_link", Text: english.words(of, seller, n), VerifiedBy: "a one-time link that was texted to the number came back"}}
}

// sealOffer is an offer as it stands in a link.
func (s *Server) sealOffer(of offer) string {
	b, err := json.Marshal(of)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	nonce := make([]byte, s.aead().NonceSize(), 256)
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(s.aead().Seal(nonce, nonce, b, []byte("one-time link")))
}

var errNoOffer = errors.New("the link is invalid or has expired")

// openOffer reads the offer of a link that may still be used.
func (s *Server) openOffer(token string) (of offer, n phone.Number, err error) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	size := s.aead().NonceSize()
	if err != nil || len(b) < size || len(b) > 4096 {
		return of, n, errNoOffer
	}
	plain, err := s.aead().Open(nil, b[:size], b[size:], []byte("one-time link"))
	if err != nil || json.Unmarshal(plain, &of) != nil || s.cfg.now().Unix() > of.Until {
		return of, n, errNoOffer
	}
	if n, err = phone.Parse(of.Number); err != nil {
		return of, n, errNoOffer
	}
	return of, n, nil
}
