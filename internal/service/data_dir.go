package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/patchcord/patchcord/internal/config"
)

// Writable tells whether the data folder can be used, or made. It writes nothing.
func Writable(dir string) error {
	dir, err := filepath.Abs(dir)
	for err == nil {
		var info os.FileInfo
		switch info, err = os.Stat(dir); {
		case errors.Is(err, os.ErrNotExist):
			dir, err = filepath.Dir(dir), nil
			continue
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is not a folder", dir)
		case err == nil && unix.Access(dir, unix.W_OK|unix.X_OK) != nil:
			return fmt.Errorf("%s is not writable", dir)
		}
		return err
	}
	return err
}

// MakeDataDir makes the data folder, which holds speech and keys, for its
// owner's eyes only. A private Postgres does not run as root, and has to get
// through the folder to its own; what lies in it is closed one by one.
func MakeDataDir(c *config.Config) error {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 && c.DatabaseURL == "" {
		mode = 0o711
	}
	if err := os.MkdirAll(c.DataDir, mode); err != nil {
		return fmt.Errorf("BRIDGE_DATA_DIR: %w", err)
	}
	return nil
}
