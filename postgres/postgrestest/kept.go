package postgrestest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// keptFor is how long the data of a server is kept that no test has begun with.
const keptFor = 7 * 24 * time.Hour

// begin fills dir with the data of a server that has the template. To make it takes seconds, so the user's cache
// keeps a copy for all test binaries with the same sources; kept is its path, "" if dir is not such a copy. A cache that
// can't be read or written costs time, and fails no test.
func begin(dir string) (kept string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", create(dir)
	}
	key, err := sources()
	if err != nil { // built with -trimpath, or far from its sources
		return "", create(dir)
	}
	cache = filepath.Join(cache, "patchcord-postgrestest")
	kept = filepath.Join(cache, key)
	if err := copyTree(kept, dir); err == nil {
		now := time.Now()
		_ = os.Chtimes(kept, now, now)
		return kept, nil
	}
	if err := errors.Join(empty(dir), create(dir)); err != nil {
		return "", err
	}
	_ = keep(dir, cache, key)
	return "", nil
}

// empty takes everything out of a folder.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// create makes the server in dir, its template, and ends it.
func create(dir string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	server, err := pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: dir})
	if err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	admin, err := pgx.Connect(ctx, server.URLs.Superuser)
	if err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "create database "+template); err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	db, err := postgres.Open(ctx, address(server.URLs.Superuser, template))
	if err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	defer db.Close()
	m, err := db.Migrate(ctx, "")
	if err == nil && m.Role != postgres.OwnerRole {
		err = fmt.Errorf("postgrestest: the template was migrated by %s; by hand: %q", m.Role, m.ByHand)
	}
	return err
}

// keep copies dir into the cache, and takes out what is old. Another test binary may do so at the same time.
func keep(dir, cache, key string) error {
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return err
	}
	if err := copyTree(dir, fresh); err != nil {
		return errors.Join(err, os.RemoveAll(fresh))
	}
	if err := os.Rename(fresh, filepath.Join(cache, key)); err != nil { // the other was first
		return os.RemoveAll(fresh)
	}
	entries, err := os.ReadDir(cache)
	for _, e := range entries {
		if info, statErr := e.Info(); statErr == nil && time.Since(info.ModTime()) > keptFor {
			err = errors.Join(err, os.RemoveAll(filepath.Join(cache, e.Name())))
		}
	}
	return err
}

// sources is a hash of all that the data depends on: our packages postgres, pgserver and migrations, and go.mod for
// what they use.
func sources() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..")
	if !filepath.IsAbs(file) {
		return "", errors.New("the sources are nowhere")
	}
	sum := sha256.New()
	for _, pattern := range []string{"go.mod", "migrations/*", "postgres/*.go", "postgres/pgserver/*.go",
		"postgres/postgrestest/*.go"} {
		names, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(names) == 0 {
			return "", fmt.Errorf("no %s: %w", pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s %d\n", filepath.Base(name), len(text))
			sum.Write(text)
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}

// copyTree copies what is in from into the folder to, with owners and modes.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil || name == "." {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if e.IsDir() {
			err = os.Mkdir(target, 0o700)
		} else {
			err = copyFile(path, target)
		}
		if err != nil {
			return err
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			if err := os.Chown(target, int(s.Uid), int(s.Gid)); err != nil {
				return err
			}
		}
		return os.Chmod(target, info.Mode().Perm())
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
