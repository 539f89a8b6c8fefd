package lift

// Function literals that a call may keep, to run them later or on a goroutine of
// their own: whatever may wait for them, or run them, may set what they set.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A keptUse says what literals that are kept do with variables from around them.
type keptUse struct {
	sets map[types.Object]bool // assigned to, or their address taken
	uses map[types.Object]bool // used at all
}

// keptLiterals looks at the literals that calls may keep. The classes that may be
// repeated promise not to.
func (l *lifter) keptLiterals() keptUse {
	k := keptUse{map[types.Object]bool{}, map[types.Object]bool{}}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || !changesWorld(l.call(c).effects) {
			return true
		}
		for i, arg := range c.Args {
			if lit := l.literalOf(arg); lit != nil && keeps(l.call(c), i) {
				k.add(l, lit)
			}
		}
		return true
	})
	return k
}

func (k keptUse) add(l *lifter, lit *ast.FuncLit) {
	for _, o := range (&aliases{l: l}).captured(lit) {
		k.uses[o] = true
	}
	set := func(x ast.Expr) {
		if o := l.variableOf(x); o != nil {
			k.sets[o] = k.uses[o]
		}
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				set(x)
			}
		case *ast.IncDecStmt:
			set(n.X)
		case *ast.RangeStmt:
			set(n.Key)
			set(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				set(n.X)
			}
		}
		return true
	})
}

// runsKept notes that a call which changes the world may run, or wait for, what
// another one has kept.
func (u *use) runsKept(k *call) {
	if !changesWorld(k.effects) {
		return
	}
	u.perhaps(func() {
		for _, v := range u.l.inOrder() {
			switch {
			case u.l.kept.sets[v.Object]:
				u.set(v)
			case u.l.kept.uses[v.Object] && v.Kind == graph.Data && refersTo(v.Go):
				u.change(v, cellsOf(v.Go))
			}
		}
	})
}

func changesWorld(effects []graph.Effect) bool {
	return slices.ContainsFunc(effects, func(e graph.Effect) bool {
		return e.Class == graph.Opaque || e.Class == graph.Acts || e.Class == graph.Writes
	})
}
