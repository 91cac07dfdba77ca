package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A telephone rings only with a permit of the consent gate. So that no other way is ever
// added, these are all the places in the source where one could be: tests, the test kits
// and generated code aside.
var (
	// restImporters may import twilio-go's REST client, whose CreateCall rings anybody.
	restImporters = []string{"twilio"}

	// creators may name CreateCall, of twilio-go or of our own client: its definition, and
	// the one who calls it, with a permit in hand.
	creators = map[string]string{
		"twilio/calls.go":                "CreateCall", // the definition, and what it calls
		"carrier/twiliocarrier/place.go": "Place",
	}

	// permitUsers may use a permit up.
	permitUsers = map[string]string{"carrier/twiliocarrier/place.go": "Place", "consent/permit.go": "Use"}

	// ringing are paths of Twilio's API that ring somebody. No string may hold one, for
	// a request that is made by hand.
	ringing = []string{"/Calls.json", "/Calls\"", "/Participants", "/Flows"}
)

func TestOnlyThePermittedPlaceCalls(t *testing.T) {
	source := readSource(t, root)
	if len(source) < 100 {
		t.Fatalf("found %d files in %s", len(source), root)
	}
	for _, violation := range source.dialViolations() {
		t.Error(violation)
	}
}

// The check finds what it is there to find.
func TestDialViolations(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"the adapter", "carrier/twiliocarrier/place.go", `package twiliocarrier; func (c *Carrier) Place() { c.client.CreateCall(); permit.Use() }`, ""},
		{"the client", "twilio/calls.go",
			`package twilio; import _ "github.com/twilio/twilio-go/rest/api/v2010"; func (c *Client) CreateCall() { s.CreateCall() }`, ""},
		{"another function beside it", "carrier/twiliocarrier/place.go", `package twiliocarrier; func again() { client.CreateCall() }`,
			"carrier/twiliocarrier/place.go: again uses CreateCall"},
		{"a tool that rings", "tools/ring.go", `package tools; func f() { client.CreateCall() }`,
			"tools/ring.go: f uses CreateCall"},
		{"as a value", "call/other.go", `package call; var f = (*twilio.Client).CreateCall`,
			"call/other.go:  uses CreateCall"},
		{"its other forms", "twilio/client.go", `package twilio; func f() { s.CreateCallWithMetadata() }`,
			"twilio/client.go: f uses CreateCallWithMetadata"},
		{"its parameters", "server/x.go", `package server; func f() { _ = new(api.CreateCallParams) }`,
			"server/x.go: f uses CreateCallParams"},
		{"twilio-go elsewhere", "call/x.go", `package call; import _ "github.com/twilio/twilio-go"`,
			"call/x.go imports github.com/twilio/twilio-go: only [twilio] may"},
		{"twilio-go's documents", "twiml/x.go", `package twiml; import _ "github.com/twilio/twilio-go/twiml"`, ""},
		{"by hand", "server/x.go", "package server; var u = `https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json`",
			"server/x.go has the path /Calls.json in a string"},
		{"a permit used up", "server/x.go", `package server; func f(p consent.Permit) { p.Use(now) }`,
			"server/x.go: f uses a permit up"},
		{"a kit", "twilio/twiliotest/x.go", `package twiliotest; var s = "/Calls.json"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), tt.file, tt.text, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := source{tt.file: file}.dialViolations()
			if tt.want == "" && len(got) > 0 || tt.want != "" && !slices.Contains(got, tt.want) {
				t.Errorf("violations are %q, want %q", got, tt.want)
			}
		})
	}
}

// source is every file of ours but tests, by its path.
type source map[string]*ast.File

func readSource(t *testing.T, root string) source {
	t.Helper()
	all := source{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != root && (base == "testdata" || base == "data" || strings.ContainsAny(base[:1], "._")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		path, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		all[filepath.ToSlash(path)] = file
		return err
	})
	if err != nil {
		t.Fatalf("reading the source under %s: %v", root, err)
	}
	return all
}

// may tells whether a function of a file is the one that is allowed.
func may(allowed map[string]string, path, function string) bool {
	one, ok := allowed[path]
	return ok && one == function
}

// dialViolations names every place that could ring somebody and may not.
func (s source) dialViolations() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for path, file := range s {
		folder := filepath.ToSlash(filepath.Dir(path))
		if isKit(folder) {
			continue
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			rest := imported == "github.com/twilio/twilio-go" ||
				strings.HasPrefix(imported, "github.com/twilio/twilio-go/") && imported != "github.com/twilio/twilio-go/twiml"
			if rest && !slices.Contains(restImporters, folder) {
				add("%s imports %s: only %v may", path, imported, restImporters)
			}
		}
		for _, decl := range file.Decls {
			function := ""
			if f, ok := decl.(*ast.FuncDecl); ok {
				function = f.Name.Name
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if strings.HasPrefix(n.Sel.Name, "CreateCall") && !may(creators, path, function) {
						add("%s: %s uses %s", path, function, n.Sel.Name)
					}
				case *ast.CallExpr:
					if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Use" && !may(permitUsers, path, function) {
						add("%s: %s uses a permit up", path, function)
					}
				case *ast.BasicLit:
					for _, p := range ringing {
						if n.Kind == token.STRING && strings.Contains(n.Value, p) {
							add("%s has the path %s in a string", path, p)
						}
					}
				}
				return true
			})
		}
	}
	slices.Sort(out)
	return out
}
