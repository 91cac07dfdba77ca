package archtest

import (
	"go/ast"
	"strings"
	"testing"
)

// What a call may have at most. A ceiling only falls: whoever gets below it lowers it.
const (
	maxCallFields  = 21
	maxCallMethods = 60
)

// A Call is what ties its parts together, and the parts are where the work is done.
func TestCallStaysSmall(t *testing.T) {
	fields, methods := sizeOf(readSource(t, root), "call", "Call")
	for _, count := range []struct {
		what      string
		got, most int
	}{{"fields", fields, maxCallFields}, {"methods", methods, maxCallMethods}} {
		switch {
		case count.got > count.most:
			t.Errorf("call.Call has %d %s, and may have %d: give the new one to the part that it is about",
				count.got, count.what, count.most)
		case count.got < count.most:
			t.Logf("call.Call has %d %s, fewer than %d: lower the ceiling", count.got, count.what, count.most)
		}
	}
}

// sizeOf counts the fields and the methods of a type. What is embedded is one field.
func sizeOf(s source, folder, name string) (fields, methods int) {
	for path, file := range s {
		if !strings.HasPrefix(path, folder+"/") || strings.Count(path, "/") > 1 {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if body, ok := n.Type.(*ast.StructType); ok && n.Name.Name == name {
					for _, f := range body.Fields.List {
						fields += max(1, len(f.Names))
					}
				}
			case *ast.FuncDecl:
				if isMethodOf(n, name) {
					methods++
				}
			}
			return true
		})
	}
	return fields, methods
}

func isMethodOf(f *ast.FuncDecl, name string) bool {
	if f.Recv == nil {
		return false
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	ident, ok := of.(*ast.Ident)
	return ok && ident.Name == name
}
