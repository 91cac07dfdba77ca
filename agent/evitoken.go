package agent

import (
	"context"
	"errors"
	"net/http"

	"github.com/patchcord/patchcord/evi"
)

// Tokens gives tokens that the voice's host takes in place of a key. Both methods may be
// called by several goroutines. An error of Token that has a method Fatal() bool, and
// returns true there, says that asking again is of no use.
type Tokens interface {
	Token(ctx context.Context) (string, error)
	Refused(token string) // it is not given out again
}

// credentials are what a chat is opened with: the key or a token.
func (d *EVI) credentials(ctx context.Context) (key, token string, err error) {
	if d.Tokens == nil {
		return d.APIKey, "", nil
	}
	token, err = d.Tokens.Token(ctx)
	return "", token, err
}

// refused tells Tokens of a token that the host did not accept.
func (d *EVI) refused(token string, err error) {
	var handshake *evi.HandshakeError
	if token != "" && errors.As(err, &handshake) && (handshake.Status == http.StatusUnauthorized || handshake.Status == http.StatusForbidden) {
		d.Tokens.Refused(token)
	}
}
