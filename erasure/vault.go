package erasure

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"

	"github.com/patchcord/patchcord/phone"
)

// vault hides numbers from the store.
type vault struct {
	key  []byte
	aead cipher.AEAD
}

func newVault(key []byte) (*vault, error) {
	if len(key) != 32 {
		return nil, errors.New("erasure: the key must have 32 bytes")
	}
	sub := mac(key, "sealing")
	block, err := aes.NewCipher(sub[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &vault{key, aead}, err
}

func mac(key []byte, text string) [32]byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return [32]byte(h.Sum(nil))
}

// Person stands for a number in the rows of orders and of kept answers.
func (s *Service) Person(n phone.Number) [32]byte { return mac(s.cfg.Key, "person\n"+n.E164()) }

func (v *vault) seal(id string, n phone.Number) []byte {
	return v.aead.Seal(nil, nil, []byte(n.E164()), []byte(id))
}

func (v *vault) open(r Record) (phone.Number, error) {
	b, err := v.aead.Open(nil, nil, r.Sealed, []byte(r.ID))
	if err != nil {
		return phone.Number{}, errors.New("erasure: can't decrypt the number of a request; was BRIDGE_MASTER_KEY changed?")
	}
	n, err := phone.Parse(string(b))
	if err != nil {
		return phone.Number{}, errors.New("erasure: can't parse the number of a request")
	}
	return n, nil
}
