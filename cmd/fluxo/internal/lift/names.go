package lift

// Names of nodes: by what a node does and not by where it stands, so that
// unrelated edits of the source leave them alone.

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// shortName names a function in node IDs: F, or T.M for a method.
func shortName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	if n := namedOf(recv.Type()); n != nil {
		return n.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// namedOf returns the named type of t or of what t points to.
func namedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// nameOf names an expression: the last name in it that a reader would call it by.
func (l *lifter) nameOf(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		if k := l.call(e); k.kind != conversion && k.kind != builtin {
			return k.name
		}
		if len(e.Args) > 0 {
			return l.nameOf(e.Args[0])
		}
		return l.nameOf(e.Fun)
	case *ast.IndexExpr:
		return l.nameOf(e.X)
	case *ast.SliceExpr:
		return l.nameOf(e.X)
	case *ast.StarExpr:
		return l.nameOf(e.X)
	case *ast.UnaryExpr:
		return l.nameOf(e.X)
	case *ast.TypeAssertExpr:
		return l.nameOf(e.X)
	case *ast.BinaryExpr:
		if _, isLit := ast.Unparen(e.X).(*ast.BasicLit); isLit {
			return l.nameOf(e.Y)
		}
		return l.nameOf(e.X)
	case *ast.CompositeLit:
		if e.Type != nil {
			return l.nameOf(e.Type)
		}
	}
	return ""
}

// join makes "kind.name", or "kind" where there is no name.
func join(kind, name string) string {
	if name == "" || name == "_" {
		return kind
	}
	return kind + "." + name
}

// nameNodes gives every node its ID: its base name, numbered from the second
// one of that name on in the node around it, after that node's own ID.
func (l *lifter) nameNodes(b *graph.Block, within graph.NodeID, seen map[string]int) {
	for _, n := range b.Nodes {
		base := l.bases[n]
		if n.Kind == graph.Fail {
			base = strings.TrimPrefix(string(l.steps[n].ID), prefix(within)) + ".fail"
		}
		seen[base]++
		id := base
		if k := seen[base]; k > 1 {
			id += "." + strconv.Itoa(k)
		}
		n.ID = graph.NodeID(prefix(within) + id)
		inside := map[string]int{}
		for _, b := range n.Blocks {
			l.nameNodes(b, n.ID, inside)
		}
	}
}

func prefix(within graph.NodeID) string {
	if within == "" {
		return ""
	}
	return string(within) + "/"
}
