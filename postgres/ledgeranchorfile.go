package postgres

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/consent"
)

// anchorFile is the file of anchors in a folder. It is only ever added to.
const anchorFile = "anchors.ndjson"

// appendAnchor adds a line to the file, down to the disk.
func appendAnchor(dir string, a consent.Anchor) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, anchorFile), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	var end [1]byte
	if size, err := f.Seek(0, 2); err == nil && size > 0 {
		if _, err := f.ReadAt(end[:], size-1); err == nil && end[0] != '\n' { // a crash cut the last one off
			line = append([]byte{'\n'}, line...)
		}
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// readAnchors is the file's anchors. A line that a crash cut off, or that is none, is
// left out.
func readAnchors(dir string) ([]consent.Anchor, error) {
	if dir == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(dir, anchorFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("postgres: read the anchors: %w", err)
	}
	defer f.Close()
	var list []consent.Anchor
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var a consent.Anchor
		if err := json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &a); err != nil {
			continue
		}
		if sum, err := hex.DecodeString(a.Hash); err == nil && len(sum) == sha256.Size {
			list = append(list, a)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("postgres: read the anchors: %w", err)
	}
	return list, nil
}
