package archtest

import (
	"fmt"
	"os"
	"path"
	"slices"
	"sort"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// rule is one of depguard's in .golangci.yaml: what the files that it is about may import.
type rule struct {
	Mode  string `yaml:"list-mode"` // strict: only what it allows; lax: all but what it denies
	Files []string
	Allow []string
	Deny  []struct{ Pkg, Desc string }
}

// rules are all of depguard's by their names: the map of the packages.
type rules map[string]rule

// readRules reads the table that `make lint` holds the source to.
func readRules(t *testing.T) rules {
	t.Helper()
	text, err := os.ReadFile(root + "/.golangci.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return parseRules(t, string(text))
}

func parseRules(t *testing.T, text string) rules {
	t.Helper()
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct{ Rules rules }
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &config); err != nil {
		t.Fatalf(".golangci.yaml: %v", err)
	}
	return config.Linters.Settings.Depguard.Rules
}

// folder is the one that a rule of the map begins with; ok is false of a rule about a library, for all folders.
func (r rule) folder() (folder string, ok bool) {
	first, ok := strings.CutPrefix(r.Files[0], "${base-path}/")
	return strings.TrimSuffix(first, "/**"), ok
}

// holds tells whether a rule is about the files of a folder that are not tests.
func (r rule) holds(folder string) bool {
	matched := false
	for _, pattern := range r.Files {
		if except, ok := strings.CutPrefix(pattern, "!"); ok && matches(except, folder) {
			return false
		}
		matched = matched || matches(pattern, folder)
	}
	return matched
}

// matches is depguard's glob for the few forms in use: /** is a folder and all below it, /*.go the
// folder alone. depguard's own /**/*.go would be those below it, and not the folder.
func matches(pattern, folder string) bool {
	if pattern == "$all" {
		return true
	}
	pattern = strings.TrimPrefix(pattern, "${base-path}/")
	if below, ok := strings.CutSuffix(pattern, "/**"); ok {
		return folder == below || strings.HasPrefix(folder, below+"/")
	}
	alone, isGo := strings.CutSuffix(pattern, "/*.go")
	ok, err := path.Match(alone, folder)
	return isGo && ok && err == nil
}

// permits tells whether a rule lets what it is about import a package, as depguard does.
func (r rule) permits(pkg string) bool {
	var denied []string
	for _, d := range r.Deny {
		denied = append(denied, d.Pkg)
	}
	allow, deny := nearest(r.Allow, pkg), nearest(denied, pkg)
	if r.Mode == "strict" {
		return allow != "" && (deny == "" || len(allow) > len(deny))
	}
	return deny == "" || len(allow) > len(deny)
}

// nearest is the entry of a list that a package falls under, or empty. Like depguard, it looks at the
// one entry that is next to the package in the order of the alphabet.
func nearest(list []string, pkg string) string {
	list = slices.Sorted(slices.Values(list))
	i := sort.Search(len(list), func(i int) bool { return strings.TrimSuffix(list[i], "$") > pkg })
	if i == 0 {
		return ""
	}
	entry := list[i-1]
	prefix, alone := strings.CutSuffix(entry, "$")
	if pkg == prefix || !alone && strings.HasPrefix(pkg, prefix) {
		return entry
	}
	return ""
}

// homeless names every package that has no rule of its own or of a folder above it, or more than one.
func (rs rules) homeless(in imports) []string {
	var out []string
	for folder := range in {
		var names []string
		for name, r := range rs {
			if _, ok := r.folder(); ok && r.holds(folder) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if len(names) != 1 {
			out = append(out, fmt.Sprintf("%s has %d rules %v, and must have one", folder, len(names), names))
		}
	}
	slices.Sort(out)
	return out
}

// violations names every import of ours that a rule does not permit, in a stable order.
func (rs rules) violations(in imports) []string {
	var out []string
	for folder, ours := range in {
		for name, r := range rs {
			for _, imported := range ours {
				if r.holds(folder) && !r.permits(module+"/"+imported) {
					out = append(out, fmt.Sprintf("%s imports %s, against the rule %s", folder, imported, name))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}
