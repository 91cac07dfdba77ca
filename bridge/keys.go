package bridge

import (
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
)

// masterKey is BRIDGE_MASTER_KEY, or one made once and kept in the data folder.
func (c *config) masterKey(log zerolog.Logger) ([]byte, error) {
	if c.MasterKey != "" {
		return decodeKey(c.MasterKey)
	}
	name := filepath.Join(c.DataDir, "master.key")
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		key := make([]byte, 32)
		rand.Read(key)
		if err := writeOnce(name, base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
			return nil, fmt.Errorf("keep the master key: %w", err)
		}
		b, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	log.Warn().Str("file", name).Msg("BRIDGE_MASTER_KEY is not set; a key kept in the data folder is used. Several instances need one key, set in the environment of each")
	key, err := decodeKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return key, nil
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
