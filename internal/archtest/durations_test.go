package archtest

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"
)

// A duration in a log line has its unit in its name: zerolog writes milliseconds.
func TestDurationsHaveUnits(t *testing.T) {
	found := 0
	for path, file := range readSource(t, root) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			name, isText := call.Args[0].(*ast.BasicLit)
			if !ok || !isText || selector.Sel.Name != "Dur" {
				return true
			}
			found++
			if text, err := strconv.Unquote(name.Value); err != nil || !strings.HasSuffix(text, "_ms") {
				t.Errorf("%s: the duration %s is logged without its unit: call it …_ms", path, name.Value)
			}
			return true
		})
	}
	if found == 0 {
		t.Error("no duration is logged anywhere: the test looks at the wrong calls")
	}
}
