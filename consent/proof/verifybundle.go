package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
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
			return VerifyResult{Problem: fmt.Sprintf("the file %s was changed after the export", name)}, nil
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
	asked, err := bundleFilter(files)
	if err != nil {
		return VerifyResult{}, fmt.Errorf("consent: read a bundle: %w", err)
	}
	r, err := verifyExport(records, anchors, asked.Has("linked"), !asked.Has("sealed") && !asked.Has("seller") &&
		!asked.Has("to"))
	if err != nil || !r.OK {
		return r, err
	}
	whole := !asked.Has("to") && (asked.Has("linked") || !asked.Has("number") && !asked.Has("seller"))
	if newest := newestAnchor(anchors); whole && newest > r.Last {
		r.OK, r.FirstBad = false, r.Last+1
		r.Problem = fmt.Sprintf("the records end at %d, but an anchor names %d: the newest are missing", r.Last, newest)
	}
	return r, nil
}

// bundleFilter is what was asked for, as a bundle's manifest says it.
func bundleFilter(files fs.FS) (url.Values, error) {
	b, err := fs.ReadFile(files, manifestFile)
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	asked, err := url.ParseQuery(m.Filter)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return asked, nil
}

func newestAnchor(anchors map[int64]string) int64 {
	var newest int64
	for seq := range anchors {
		newest = max(newest, seq)
	}
	return newest
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
