package postgres

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// scramRounds is Postgres' own default (scram_iterations).
const scramRounds = 4096

// scramSecret is a password in the form in which Postgres keeps it (RFC 5803). It is
// computed here, so that the password is in no statement that a server may log.
func scramSecret(password string) (string, error) {
	for _, c := range password {
		if c < ' ' || c > '~' { // other signs have several forms (RFC 4013)
			return "", errors.New("the password has non-ASCII characters: create the role yourself")
		}
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramRounds, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("compute the password's secret: %w", err)
	}
	sign := func(text string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored, b64 := sha256.Sum256(sign("Client Key")), base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, b64(salt), b64(stored[:]), b64(sign("Server Key"))), nil
}
