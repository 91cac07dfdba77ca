package keys

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Key is who asks, and what they may do.
type Key struct {
	Name    string
	Rights  []Right
	Sellers []string // it sees these alone; all of them if there are none
	Created time.Time
	By      string // the key that made it
	Expires time.Time
	Used    *time.Time // last, to about a minute; nil for never
	Revoked *time.Time
}

// Bootstrap is the name of the key that BRIDGE_API_TOKEN gives. No other key may have it.
const Bootstrap = "bootstrap"

// Bounds of a key.
const (
	MinSecret = 32                    // characters of a bootstrap key: as many as openssl rand -hex 16 makes
	MinLife   = time.Minute           // from its creation to its end
	MaxLife   = 3660 * 24 * time.Hour // ten years
	MaxSecret = 512                   // bytes; a longer one is wrong without being looked up
)

// May tells whether a key has a right.
func (k Key) May(r Right) bool {
	switch {
	case r == "" || len(k.Sellers) > 0 && r.Whole():
		return false
	case r == Stop && slices.Contains(k.Rights, Consent):
		return true
	}
	return slices.Contains(k.Rights, r)
}

// Live tells whether a key opens anything at a time.
func (k Key) Live(now time.Time) bool { return k.Revoked == nil && now.Before(k.Expires) }

// State is what a list says of a key: live, expired or revoked.
func (k Key) State(now time.Time) string {
	switch {
	case k.Revoked != nil:
		return "revoked"
	case !now.Before(k.Expires):
		return "expired"
	}
	return "live"
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// CheckName says what is wrong with the name of a new key.
func CheckName(name string) error {
	switch {
	case name == Bootstrap:
		return errors.New("reserved for BRIDGE_API_TOKEN")
	case !nameForm.MatchString(name):
		return errors.New("want 1 to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first")
	}
	return nil
}

// CheckSecret says what is wrong with a bootstrap key. It does not repeat it.
func CheckSecret(secret string) error {
	if len(secret) < MinSecret || len(secret) > MaxSecret || strings.ContainsAny(secret, " \t\r\n") {
		return fmt.Errorf("want %d to %d characters without spaces, as from: openssl rand -hex 32", MinSecret, MaxSecret)
	}
	return nil
}

// prefix begins each secret of ours, so that scanners of source code know one.
const prefix = "patchcord_"

// NewSecret makes the secret of a key: 256 random bits or more.
func NewSecret() string { return prefix + rand.Text() + rand.Text() }

// secretForm is that of every NewSecret.
var secretForm = regexp.MustCompile(`^` + prefix + `[A-Z2-7]{52}$`)

// Hash is what is kept of a secret. Secrets are random, so that nothing slower is needed.
func Hash(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }

// All is the bootstrap key.
func All() Key {
	return Key{Name: Bootstrap, Rights: slices.Clone(Rights), Expires: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
}
