package call

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// tokenLife is how long a stream may take to come with its token. The step
// that carries a token stays in its carrier's logs, so a token serves once and soon
// expires.
const tokenLife = 60 * time.Second

// The reasons to refuse a token.
var (
	errTokenWrong   = errors.New("the token is missing, not ours, or made for another call")
	errTokenExpired = errors.New("the token has expired")
	errTokenUsed    = errors.New("the token was used before")
)

// tokens makes and checks the one-time tokens that tie a media stream to the
// webhook that announced it. A token says which agent shall answer and until
// when it is good, and is signed together with the call it was made for, so any
// instance with the same key can check it. That it is used once is kept in the
// database.
type tokens struct{ key []byte }

const (
	nonceSize = 12
	macSize   = 16
	headSize  = nonceSize + 8
)

// mint makes the token of a call.
func (t tokens) mint(call carrier.CallID, agent string, now time.Time) string {
	b := make([]byte, nonceSize, headSize+len(agent)+macSize)
	rand.Read(b)
	b = binary.BigEndian.AppendUint64(b, uint64(now.Add(tokenLife).UnixMilli()))
	b = append(b, agent...)
	b = append(b, t.mac(call, b)...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// claim is what a good token says.
type claim struct {
	hash    [32]byte
	agent   string
	expires time.Time
}

// check reads a token that a stream of a call brought.
func (t tokens) check(call carrier.CallID, token string, now time.Time) (claim, error) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < headSize+macSize || base64.RawURLEncoding.EncodeToString(b) != token { // base64 has several ways to write a thing
		return claim{}, errTokenWrong
	}
	body, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if !hmac.Equal(mac, t.mac(call, body)) {
		return claim{}, errTokenWrong
	}
	c := claim{sha256.Sum256(b), string(body[headSize:]), time.UnixMilli(int64(binary.BigEndian.Uint64(body[nonceSize:headSize])))}
	if !now.Before(c.expires) {
		return claim{}, errTokenExpired
	}
	return c, nil
}

func (t tokens) mac(call carrier.CallID, body []byte) []byte {
	h := hmac.New(sha256.New, t.key)
	h.Write([]byte("media stream\x00" + call + "\x00"))
	h.Write(body)
	return h.Sum(nil)[:macSize]
}
