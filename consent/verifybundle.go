package consent

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// VerifyBundle verifies a bundle with nothing but its files, a zip's or a folder's:
// their sums, the chain of the records, and the anchors. An error is one of reading.
func VerifyBundle(files fs.FS) (VerifyResult, error) {
	sums, err := fs.ReadFile(files, sumsFile)
	if err != nil {
		return VerifyResult{}, fmt.Errorf("consent: read a bundle: %w", err)
	}
	for line := range strings.Lines(string(sums)) {
		want, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		got, err := fileSum(files, name)
		if err != nil {
			return VerifyResult{}, fmt.Errorf("consent: read a bundle: %w", err)
		}
		if got != want {
			return VerifyResult{Problem: fmt.Sprintf("the file %s is not the one that was exported", name)}, nil
		}
	}
	anchors, err := bundleAnchors(files)
	if err != nil {
		return VerifyResult{}, fmt.Errorf("consent: read a bundle: %w", err)
	}
	records, err := files.Open(recordsFile)
	if err != nil {
		return VerifyResult{}, fmt.Errorf("consent: read a bundle: %w", err)
	}
	defer records.Close()
	return verifyExport(records, anchors)
}

func fileSum(files fs.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

// bundleAnchors is the hash that the anchors give each row, by its Seq.
func bundleAnchors(files fs.FS) (map[int64]string, error) {
	b, err := fs.ReadFile(files, anchorsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	anchors := make(map[int64]string)
	for line := range bytes.Lines(b) {
		var a struct {
			Seq  int64  `json:"seq"`
			Hash string `json:"hash"`
		}
		if err := json.Unmarshal(line, &a); err == nil { // a line that a crash cut off is none
			anchors[a.Seq] = a.Hash
		}
	}
	return anchors, err
}
