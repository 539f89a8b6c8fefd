package lift

// Where break and continue go.

import (
	"go/ast"
	"go/token"
)

// jump says where a break or continue goes; false if it stays inside the glue
// that is being walked.
func (l *lifter) jump(s *ast.BranchStmt) (Jump, bool) {
	t := l.jumpTarget(s)
	if t == nil {
		return Jump{}, false
	}
	return Jump{Out: l.scope.Depth() - t.depth, Continue: s.Tok == token.CONTINUE}, true
}

// jumpTarget finds the lifted loop that s leaves; nil if s leaves a statement
// that stands between it and that loop.
func (l *lifter) jumpTarget(s *ast.BranchStmt) *target {
	for i := len(l.targets) - 1; i >= 0; i-- {
		t := &l.targets[i]
		if s.Label != nil {
			if s.Label.Name == t.label {
				return t
			}
			continue
		}
		if s.Tok == token.CONTINUE && !t.loop {
			continue
		}
		if l.means(s, t.stmt) {
			return t
		}
		return nil
	}
	return nil
}

// means reports whether s, a jump without a label, means around: nothing
// between them can be left by it.
func (l *lifter) means(s *ast.BranchStmt, around ast.Stmt) bool {
	var innermost ast.Node
	ast.Inspect(around, func(n ast.Node) bool {
		if n == nil || n.Pos() > s.Pos() || n.End() < s.End() {
			return n == nil
		}
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			innermost = n
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if s.Tok == token.BREAK {
				innermost = n
			}
		}
		return true
	})
	return innermost == ast.Node(around)
}
