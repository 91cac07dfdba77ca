package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What comes from outside is printed through internal/plain, which shows control characters instead
// of sending them to a terminal. So that nothing goes around it, these are the places that may use
// the standard streams: test kits and the programs that play others' parts aside, for they print what they made,
// and the examples, which are there to be copied by programs that can't import internal/plain, and quote (%q).
var (
	// printers may print as they like.
	printers = []string{"internal/plain", "internal/archtest", "callers/play", "clients/serve", "clients/openai-go",
		"examples/evi", "examples/phone", "examples/realtime", "examples/socket", "examples/tool"}

	// streamUsers may name os.Stdout and os.Stderr for more than printing by plain.
	streamUsers = map[string]string{
		"internal/service/serve.go":       "Serve",        // the log, which logging.go passes through plain
		"internal/cli/migrate.go":         "withDatabase", // likewise
		"internal/cli/call.go":            "*",            // printDecision, which prints by plain
		"internal/cli/consent.go":         "Run",          // likewise
		"internal/cli/demo.go":            "Run",          // demo prints by plain
		"internal/cli/tools_sync.go":      "*",            // confirmed, which prints by plain, and a progress bar with words of ours
		"internal/cli/tools_pin.go":       "finish",       // likewise
		"internal/cli/consent_export.go":  "Run",          // records as a program reads them; a terminal gets them by plain
		"internal/cli/output.go":          "newTable",     // cells pass plain in AppendRow
		"internal/cli/import_progress.go": "progress",     // a progress bar with words of ours
	}

	// readyMakers may call a text ready to be printed as it is.
	readyMakers = map[string]string{"internal/cli/colour.go": "paint", "demo/row.go": "*"}
)

func TestWhatComesFromOutsideIsPrintedPlain(t *testing.T) {
	for _, violation := range readSource(t, root).printViolations() {
		t.Error(violation + ": print it by internal/plain, which shows control characters (plain.Printf, " +
			"plain.Fprintln, plain.FprintJSON)")
	}
}

// The check finds what it is there to find.
func TestPrintViolations(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"by plain", "internal/cli/x.go",
			`package cli; func f() { plain.Printf("%s", x); plain.Fprintln(os.Stderr, x); term.IsTerminal(int(os.Stdout.Fd())) }`, ""},
		{"into memory", "internal/cli/x.go", `package cli; func f() { fmt.Fprintf(&b, "x") }`, ""},
		{"by fmt", "internal/cli/x.go", `package cli; func f() { fmt.Println(call.Text) }`, "internal/cli/x.go: f calls fmt.Println"},
		{"to a writer", "demo/x.go", `package demo; func f() { fmt.Fprintf(t.out, "%s", text) }`,
			"demo/x.go: f calls fmt.Fprintf"},
		{"to a stream", "internal/cli/x.go", `package cli; func f() { io.Copy(os.Stdout, body) }`,
			"internal/cli/x.go: f uses os.Stdout"},
		{"a stream's method", "cmd/bridge/x.go", `package main; func f() { os.Stderr.WriteString(s) }`,
			"cmd/bridge/x.go: f uses os.Stderr"},
		{"as a value", "internal/cli/x.go", `package cli; var out io.Writer = os.Stdout`, "internal/cli/x.go:  uses os.Stdout"},
		{"the built-in", "call/x.go", `package call; func f() { println(s) }`, "call/x.go: f calls println"},
		{"called ready", "internal/cli/x.go", `package cli; func f() { plain.Println(plain.Ready(text)) }`,
			"internal/cli/x.go: f calls plain.Ready"},
		{"another file, dotted", "internal/cli/x.go", `package cli; import . "fmt"`, "internal/cli/x.go imports fmt by another name"},
		{"another name", "internal/cli/x.go", `package cli; import f "fmt"`, "internal/cli/x.go imports fmt by another name"},
		{"a kit", "evi/evitest/x.go", `package evitest; func f() { fmt.Println() }`, ""},
		{"into an answer", "server/x.go", `package server; func f(w http.ResponseWriter) { fmt.Fprint(w, "event: end") }`,
			""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), tt.file, tt.text, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := source{tt.file: file}.printViolations()
			if tt.want == "" && len(got) > 0 || tt.want != "" && !slices.Contains(got, tt.want) {
				t.Errorf("violations are %q, want %q", got, tt.want)
			}
		})
	}
}

// printViolations names every print that goes around internal/plain.
func (s source) printViolations() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for path, file := range s {
		folder := filepath.ToSlash(filepath.Dir(path))
		if isKit(folder) || slices.Contains(printers, folder) {
			continue
		}
		for _, spec := range file.Imports {
			if (spec.Path.Value == `"fmt"` || spec.Path.Value == `"os"`) && spec.Name != nil {
				add("%s imports %s by another name", path, strings.Trim(spec.Path.Value, `"`))
			}
		}
		for _, decl := range file.Decls {
			function := ""
			if f, ok := decl.(*ast.FuncDecl); ok {
				function = f.Name.Name
			}
			fine := map[ast.Node]bool{} // uses of a stream that were looked at with the call around them
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					called := dotted(n.Fun)
					switch {
					case called == "println" || called == "print" || strings.HasPrefix(called, "fmt.Print"),
						strings.HasPrefix(called, "fmt.Fprint") && printsOut(folder, n.Args[0]),
						called == "plain.Ready" && !permitted(readyMakers, path, function):
						add("%s: %s calls %s", path, function, called)
					case strings.HasPrefix(called, "plain.Fprint"):
						fine[n.Args[0]] = true
					case called == "os.Stdout.Fd" || called == "os.Stderr.Fd":
						fine[n.Fun.(*ast.SelectorExpr).X] = true
					}
				case *ast.SelectorExpr:
					if name := dotted(n); (name == "os.Stdout" || name == "os.Stderr") && !fine[n] &&
						!permitted(streamUsers, path, function) {
						add("%s: %s uses %s", path, function, name)
					}
				}
				return true
			})
		}
	}
	slices.Sort(out)
	return out
}

// permitted tells whether a function of a file is on a list; * is all of them.
func permitted(list map[string]string, path, function string) bool {
	return may(list, path, function) || list[path] == "*"
}

// printsOut tells whether what fmt.Fprint writes to may be a terminal. In the packages that have
// one, only what is taken by its address, a buffer of the function's own, is not.
func printsOut(folder string, to ast.Expr) bool {
	top, _, _ := strings.Cut(folder, "/")
	if folder == "internal/cli" || slices.Contains([]string{"bridge", "demo", "cmd"}, top) {
		_, address := to.(*ast.UnaryExpr)
		return !address
	}
	return strings.HasPrefix(dotted(to), "os.")
}

// dotted is a name with those before it: os.Stdout.Fd.
func dotted(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return dotted(e.X) + "." + e.Sel.Name
	}
	return ""
}
