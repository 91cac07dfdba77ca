package service

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/postgres"
)

// MasterKeyFile is where a master key is kept that the environment doesn't have.
func MasterKeyFile(c *config.Config) string { return filepath.Join(c.DataDir, "master.key") }

// masterKey is BRIDGE_MASTER_KEY, or one kept in the data folder. One is made there, once, unless
// the ledger was begun: its key is lost then, and another one would hide that.
func masterKey(ctx context.Context, c *config.Config, db *postgres.DB, log zerolog.Logger) ([]byte, error) {
	if c.MasterKey == "" {
		if _, err := os.Stat(MasterKeyFile(c)); errors.Is(err, os.ErrNotExist) {
			begun, err := db.LedgerBegun(ctx)
			if err != nil {
				return nil, err
			}
			if begun {
				return nil, &config.Error{Problems: []error{LostKey(c)}}
			}
			if _, err := keepOnce(MasterKeyFile(c), RandomKey); err != nil {
				return nil, fmt.Errorf("store the master key: %w", err)
			}
		}
		log.Warn().Str("file", MasterKeyFile(c)).Msg("BRIDGE_MASTER_KEY is not set; using the key in the data folder. " +
			"Several instances need the same key in each environment")
	}
	return KeptKey(c)
}

// KeptKey is the master key that is there already.
func KeptKey(c *config.Config) ([]byte, error) {
	if c.MasterKey != "" {
		return config.DecodeKey(c.MasterKey)
	}
	b, err := os.ReadFile(MasterKeyFile(c))
	if err != nil {
		return nil, fmt.Errorf("the master key: %w", err)
	}
	key, err := config.DecodeKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", MasterKeyFile(c), err)
	}
	return key, nil
}

// LostKey says that the ledger can't be read any more, and what to do about it.
func LostKey(c *config.Config) error {
	return fmt.Errorf("BRIDGE_MASTER_KEY: the master key is missing: the consent ledger was created with one that is neither set nor in %s. "+
		"Restore it from a backup: with another key, opt-outs would not be found", MasterKeyFile(c))
}

// RandomKey is 32 bytes in base64.
func RandomKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}

// keepOnce is what a file says; if there is none, one is made.
func keepOnce(name string, content func() string) (string, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		if err := writeOnce(name, content()+"\n"); err != nil {
			return "", err
		}
		b, err = os.ReadFile(name)
	}
	return strings.TrimSpace(string(b)), err
}

// writeOnce writes a file that must not be there yet, for its owner's eyes
// only. Whoever comes second reads what the first one wrote.
func writeOnce(name, content string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// subkey derives a key for one purpose from the master key.
func subkey(master []byte, purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, "patchcord "+purpose, 32)
}

// SigningSecrets are those of BRIDGE_SIGNING_SECRET, or one made once and kept beside the
// master key.
func SigningSecrets(c *config.Config) ([][]byte, error) {
	if c.SigningSecret != "" {
		return config.DecodeSigningKeys(c.SigningSecret)
	}
	name := filepath.Join(c.DataDir, "signing.secret")
	kept, err := keepOnce(name, func() string { return "whsec_" + RandomKey() })
	if err != nil {
		return nil, fmt.Errorf("store the signing secret: %w", err)
	}
	list, err := config.DecodeSigningKeys(kept)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}
