package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/patchcord/patchcord/postgres"
)

// binaries is a folder with the programs initdb and postgres of one version.
type binaries struct {
	dir   string
	major int
}

// binaryFolders is where the usual packages keep servers of several versions
// side by side, outside of PATH.
var binaryFolders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // Red Hat and its kin, from postgresql.org
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple chips
	"/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel chips
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
}

var errNoBinaries = fmt.Errorf(`no Postgres server of version %d or later is installed here; install one (apt-get install postgresql, or brew install postgresql), or set DATABASE_URL to a server that runs (docker compose up -d postgres starts one)`, postgres.OldestVersion)

// findBinaries returns a server of at least the oldest version that we work
// with: the one in PATH, else the newest. If there is a database already, made
// by version major, only that version can open it.
func findBinaries(ctx context.Context, major int) (binaries, error) {
	return chooseBinaries(ctx, binaryFolders, major)
}

func chooseBinaries(ctx context.Context, folders []string, major int) (binaries, error) {
	var found []binaries
	for _, pattern := range folders {
		dirs, _ := filepath.Glob(pattern) // fails on a bad pattern only, and ours are constant
		for _, dir := range dirs {
			if b, err := inspect(ctx, dir); err == nil {
				found = append(found, b)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b binaries) int { return b.major - a.major })
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			if b, err := inspect(ctx, filepath.Dir(path)); err == nil {
				found = slices.Insert(found, 0, b)
			}
		}
	}
	if len(found) == 0 {
		return binaries{}, errNoBinaries
	}
	if major == 0 {
		return found[0], nil
	}
	for _, b := range found {
		if b.major == major {
			return b, nil
		}
	}
	return binaries{}, fmt.Errorf("the database there was created by Postgres %d, but version %d is installed here; "+
		"install %d again, or move the data with pg_upgrade", major, found[0].major, major)
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect asks the programs in dir for their version.
func inspect(ctx context.Context, dir string) (binaries, error) {
	if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, err
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return binaries{}, errors.New("no version")
	}
	major, err := strconv.Atoi(string(match[1]))
	if err == nil && major < postgres.OldestVersion {
		err = errors.New("too old")
	}
	return binaries{dir, major}, err
}
