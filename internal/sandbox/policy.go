package sandbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Policy is what a command may do. All paths are absolute.
type Policy struct {
	Kind   Kind     `json:"kind"`
	Folder string   `json:"folder"` // its own, and where it begins: it may write there
	Write  []string `json:"write"`  // files and folders beside it that it may write to, if they exist
	Fixed  []string `json:"fixed"`  // files that it can't write to, even if they are in a folder of Write
	List   []string `json:"list"`   // folders whose names it may list though they hold what is hidden
	Hidden []string `json:"hidden"` // files and folders that it can't read, whether they exist yet or not
}

// maxRules bounds the rules of a policy: each is a folder that holds nothing hidden, beside one that does.
const maxRules = 50_000

var errTooMany = errors.New("too many files next to the hidden ones: move those into their own folder")

// rule lets a command at a path and all below it.
type rule struct {
	path  string
	write bool
	names bool // nothing but the names in it
}

// devices are all that a command sees of /dev: others give whoever is root's the disk or the memory.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

// rules turns a policy into what Landlock takes, which can only allow: all of the file system around what is hidden.
func (p Policy) rules() ([]rule, error) {
	hidden := []string{"/dev"}
	for _, path := range p.Hidden {
		hidden = append(hidden, resolved(path))
	}
	w := walk{hidden: hidden}
	if err := w.around("/"); err != nil {
		return nil, err
	}
	for _, path := range p.List {
		w.rules = append(w.rules, rule{path: resolved(path), names: true})
	}
	for _, path := range devices {
		w.rules = append(w.rules, rule{path: path, write: true})
	}
	w.write = true
	for _, path := range p.Fixed {
		w.hidden = append(w.hidden, resolved(path)) // from what follows
	}
	for _, path := range p.Write {
		if err := w.around(resolved(path)); err != nil {
			return nil, err
		}
	}
	return append(w.rules, rule{path: resolved(p.Folder), write: true}), nil
}

// walk collects rules.
type walk struct {
	hidden []string
	write  bool
	rules  []rule
}

// around allows a path, or what is in it if something in it is hidden. Symbolic links are passed by: what they lead to is
// allowed, or not, where it is.
func (w *walk) around(path string) error {
	switch {
	case slices.ContainsFunc(w.hidden, func(h string) bool { return within(path, h) }):
		return nil
	case !slices.ContainsFunc(w.hidden, func(h string) bool { return within(h, path) }):
		if len(w.rules) == maxRules {
			return errTooMany
		}
		w.rules = append(w.rules, rule{path: path, write: w.write})
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			continue
		}
		if err := w.around(filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// within tells whether a path is another one or lies in it.
func within(path, in string) bool {
	return path == in || in == "/" || strings.HasPrefix(path, in+"/")
}

// resolved is a path without symbolic links, as far as it exists.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(resolved(parent), filepath.Base(path))
}
