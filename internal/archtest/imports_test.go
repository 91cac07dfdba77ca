package archtest

import (
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports is what the packages of ours import of ours, both by folder: "call" has
// "agent", "media", ….
type imports map[string][]string

// readImports reads the imports of every Go file under root but tests, whatever
// its build tags. It opens the files itself instead of asking `go list`, so that
// `go test` sees what this depends on and does not answer from its cache.
func readImports(t *testing.T, root string) imports {
	t.Helper()
	found := imports{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			// data is where the service and its private Postgres keep theirs.
			if name != root && (base == "testdata" || base == "data" || strings.ContainsAny(base[:1], "._")) {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); name != root && !errors.Is(err, fs.ErrNotExist) {
				return fs.SkipDir // a module of its own
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		ours := found[folder]
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if below, ok := strings.CutPrefix(imported, module+"/"); ok && !slices.Contains(ours, below) {
				ours = append(ours, below)
			}
		}
		found[folder] = ours
		return nil
	})
	if err != nil {
		t.Fatalf("reading the imports under %s: %v", root, err)
	}
	return found
}

// isKit tells whether a folder is a test kit: named after the package above it.
func isKit(folder string) bool {
	return path.Base(folder) == path.Base(path.Dir(folder))+"test"
}

// reach is all of ours that a package needs, directly or not, sorted.
func (in imports) reach(folder string) []string {
	var out []string
	queue := slices.Clone(in[folder])
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if slices.Contains(out, next) {
			continue
		}
		out = append(out, next)
		queue = append(queue, in[next]...)
	}
	slices.Sort(out)
	return out
}
