// Package anchors keeps copies of the consent ledger's head in a bucket: a folder, or
// a store that speaks S3's protocol, where whoever owns the database can't reach them.
//
// Each copy is an object of its own, and its name says all that is in it. None is
// ever written again, so that a bucket may refuse changes and deletions (object lock).
package anchors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/memblob"  // mem://
	_ "gocloud.dev/blob/s3blob"   // s3://

	"github.com/patchcord/patchcord/consent"
)

// Store is a bucket of anchors. Its methods are safe for use by several goroutines.
type Store struct{ bucket *blob.Bucket }

// Open opens the bucket at a URL: file:///folder, s3://bucket?region=…, or mem:// for
// tests. A folder is made if there is none. The caller closes the store.
func Open(ctx context.Context, to string) (*Store, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme == "" { // its text may hold a key
		return nil, errors.New("anchors: want a URL, such as s3://bucket or file:///folder")
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("no_tmp_dir", "true") // beside the copies: a rename needs the same disk
		q.Set("metadata", "skip")
		u.RawQuery = q.Encode()
	}
	b, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("anchors: open %s://%s: %w", u.Scheme, u.Host, err)
	}
	return &Store{b}, nil
}

// Close ends all that the store does.
func (s *Store) Close() error { return s.bucket.Close() }

// The name of a copy: its day, then the row, when it was written down (in
// microseconds), and the hash. Days are in order.
const (
	dayFormat  = "2006-01-02"
	nameFormat = "%s/%019d-%d-%s.json"
)

// Put keeps a copy.
func (s *Store) Put(ctx context.Context, a consent.Anchor) error {
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	name := fmt.Sprintf(nameFormat, a.At.UTC().Format(dayFormat), a.Seq, a.At.UnixMicro(), a.Hash)
	if err := s.bucket.WriteAll(ctx, name, append(line, '\n'), &blob.WriterOptions{ContentType: "application/json"}); err != nil {
		return fmt.Errorf("anchors: keep a copy: %w", err)
	}
	return nil
}

// Since is the copies that were written down since the day of a time. What has another name
// than a copy has is left out.
func (s *Store) Since(ctx context.Context, t time.Time) ([]consent.Anchor, error) {
	var list []consent.Anchor
	from := t.UTC().Format(dayFormat)
	days := s.bucket.List(&blob.ListOptions{Delimiter: "/"})
	for {
		day, err := days.Next(ctx)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("anchors: list the copies: %w", err)
		}
		if !day.IsDir || day.Key < from {
			continue
		}
		if list, err = s.day(ctx, list, day.Key); err != nil {
			return nil, err
		}
	}
}

func (s *Store) day(ctx context.Context, list []consent.Anchor, prefix string) ([]consent.Anchor, error) {
	copies := s.bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := copies.Next(ctx)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("anchors: list the copies: %w", err)
		}
		if a, ok := parse(strings.TrimPrefix(o.Key, prefix)); ok {
			list = append(list, a)
		}
	}
}

// parse reads a copy's name.
func parse(name string) (a consent.Anchor, ok bool) {
	parts := strings.Split(strings.TrimSuffix(name, ".json"), "-")
	if len(parts) != 3 || len(parts[2]) != 64 {
		return a, false
	}
	seq, err := strconv.ParseInt(parts[0], 10, 64)
	micros, err2 := strconv.ParseInt(parts[1], 10, 64)
	return consent.Anchor{Seq: seq, Hash: parts[2], At: time.UnixMicro(micros).UTC()}, err == nil && err2 == nil
}
