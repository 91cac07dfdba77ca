package proof

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// The files of a bundle.
const (
	recordsFile  = "records.ndjson"
	anchorsFile  = "anchors.ndjson"
	manifestFile = "manifest.json"
	readmeFile   = "README.txt"
	verifyFile   = "verify.py"
	sumsFile     = "SHA256SUMS"
)

//go:embed bundle/README.txt
var bundleReadme []byte

//go:embed bundle/verify.py
var bundleVerify []byte

// Bundle is an export as it is handed to somebody else: the records, what is needed
// to verify them with tools that everyone has, and the sums of all files.
type Bundle struct {
	Records  func(w io.Writer) error // writes them, as NDJSON
	Anchors  io.Reader               // heads that were written down before, as NDJSON; may be nil
	Manifest Manifest
}

// Manifest says what an export holds and where it comes from.
type Manifest struct {
	Title      string    `json:"title"`  // what was asked for, in words
	Filter     string    `json:"filter"` // how; without a number
	ExportedAt time.Time `json:"exported_at"`
	ExportedBy string    `json:"exported_by"` // who asked
	Build      string    `json:"build"`       // of the program that wrote it
	Format     int       `json:"format"`      // of the records; filled by WriteBundle
}

// WriteBundle writes a bundle as a zip.
func WriteBundle(w io.Writer, b Bundle) error {
	z := zip.NewWriter(w)
	err := b.write(func(name string, content func(io.Writer) error) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.Manifest.ExportedAt})
		if err != nil {
			return err
		}
		return content(f)
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("consent: write a bundle: %w", err)
	}
	return nil
}

// WriteBundleFolder writes a bundle as files of a new folder, for their owner's eyes
// alone.
func WriteBundleFolder(dir string, b Bundle) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("consent: write a bundle: %w", err)
	}
	err := b.write(func(name string, content func(io.Writer) error) error {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(f)
		return errors.Join(content(out), out.Flush(), f.Close())
	})
	if err != nil {
		return fmt.Errorf("consent: write a bundle: %w", err)
	}
	return nil
}

// write gives each file to create, and the sums of all of them last.
func (b Bundle) write(create func(name string, content func(io.Writer) error) error) error {
	b.Manifest.Format = 1
	manifest, err := json.MarshalIndent(b.Manifest, "", "  ")
	if err != nil {
		return err
	}
	text := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	type file struct {
		name    string
		content func(io.Writer) error
	}
	files := []file{{recordsFile, b.Records}}
	if b.Anchors != nil {
		files = append(files, file{anchorsFile, func(w io.Writer) error { _, err := io.Copy(w, b.Anchors); return err }})
	}
	files = append(files, file{manifestFile, text(append(manifest, '\n'))}, file{readmeFile, text(bundleReadme)},
		file{verifyFile, text(bundleVerify)})
	var sums bytes.Buffer
	for _, f := range files {
		h := sha256.New()
		if err := create(f.name, func(w io.Writer) error { return f.content(io.MultiWriter(w, h)) }); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", h.Sum(nil), f.name)
	}
	return create(sumsFile, text(sums.Bytes()))
}
