package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/sandbox"
)

// mcpFolder is a command's own folder, which is kept from one start to the next.
func mcpFolder(c *config.Config, name string, kind sandbox.Kind) (string, error) {
	all, err := mcpFolders(c, kind)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(all, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("the command's folder: %w", err)
	}
	if kind == sandbox.User { // who has to get through the one above, though not look into it
		if err := os.Chmod(all, 0o711); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// mcpFolders is the folder that the commands' folders are in.
func mcpFolders(c *config.Config, kind sandbox.Kind) (string, error) {
	if c.MCPDir != "" {
		return c.MCPDir, nil
	}
	data, err := filepath.Abs(c.DataDir)
	if err != nil {
		return "", err
	}
	if err := MakeDataDir(c); err != nil {
		return "", err
	}
	if kind == sandbox.User {
		err = os.Chmod(data, 0o711)
	}
	return filepath.Join(data, "mcp"), err
}

// WithoutTrace is this configuration for commands that leave nothing behind: their folders are temporary. Whoever calls
// it calls clean when they have ended.
func WithoutTrace(c *config.Config) (lent *config.Config, clean func() error, err error) {
	dir, err := os.MkdirTemp("", "patchcord-mcp-")
	if err != nil {
		return nil, nil, fmt.Errorf("a temporary folder for commands: %w", err)
	}
	clean = func() error { return os.RemoveAll(dir) }
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, nil, errors.Join(err, clean())
	}
	one := *c
	one.MCPDir = dir
	return &one, clean, nil
}
