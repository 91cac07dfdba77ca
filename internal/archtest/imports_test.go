package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
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

func kitOf(folder string) string { return folder + "/" + path.Base(folder) + "test" }

// allowed is what a package may import of ours; all is true where that is anything.
func allowed(folder string) (may []string, all bool) {
	if slices.Contains(assembles, folder) {
		return nil, true
	}
	owner := folder
	if isKit(folder) {
		owner = path.Dir(folder)
		may = append(may, owner)
	}
	if i := slices.IndexFunc(theMap, func(r row) bool { return r.folder == owner }); i >= 0 {
		may = append(may, theMap[i].may...)
		if isKit(folder) { // kits share what those share that they imitate
			for _, below := range theMap[i].may {
				may = append(may, kitOf(below))
			}
		}
	}
	return may, false
}

// violations names every import that the map does not allow, in a stable order.
func (in imports) violations() []string {
	var out []string
	for folder, ours := range in {
		may, all := allowed(folder)
		for _, imported := range ours {
			switch {
			case isKit(imported) && !isKit(folder) && !slices.Contains(assembles, folder):
				out = append(out, fmt.Sprintf("%s imports %s: test kits are for tests and the demo", folder, imported))
			case !all && !slices.Contains(may, imported):
				out = append(out, fmt.Sprintf("%s imports %s: of ours it may import %v", folder, imported, may))
			}
		}
	}
	slices.Sort(out)
	return out
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
