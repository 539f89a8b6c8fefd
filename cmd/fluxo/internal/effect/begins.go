package effect

// When a program begins to serve: what main assigns from then on is a change like any
// other. It begins with a goroutine, with a call of a flow, and with what listens for
// requests or runs a function at another time.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// begins notes that requests may be running once the present place was reached. In a
// function literal that is when the literal is called.
func (b *body) begins(pos token.Pos) {
	if n := len(b.lits); n > 0 {
		if lit := b.lits[n-1]; !b.litBegins[lit] {
			b.litBegins[lit], b.changed = true, true
		}
		return
	}
	b.found.begins = true
	if b.fn == nil || !isMain(b.fn.fn) {
		return
	}
	if from := statementAround(b.fn.decl.Body, pos); !b.begun.IsValid() || from < b.begun {
		b.begun, b.changed = from, true
	}
}

// beginsBy notes that a call of fn begins to serve, if it does. Goroutines of libraries
// do not count: pools and clients have them for themselves.
func (b *body) beginsBy(fn *types.Func, s Summary, pos token.Pos) {
	key, _ := tableKey(fn)
	var f Fact
	switch {
	case s.Role == FlowRole, s.Role == Forks, shipped()[key].begins:
	case b.funcs[fn] != nil:
		if !b.funcs[fn].found.begins {
			return
		}
	case fn.Pkg() == nil || fn.Pkg() == b.pkg || isStandard(fn.Pkg().Path()) || !b.r.pass.ImportObjectFact(fn, &f) || !f.Begins:
		return
	}
	b.begins(pos)
}

// inMain reports whether pos lies in main, where nothing runs yet but main itself.
func (b *body) inMain(pos token.Pos) bool {
	return b.fn != nil && isMain(b.fn.fn) && len(b.lits) == 0 && !b.later && (!b.begun.IsValid() || pos < b.begun)
}

// statementAround is where the outermost loop around pos begins, or else the innermost
// statement; the body itself where a goto may lead anywhere.
func statementAround(body *ast.BlockStmt, pos token.Pos) token.Pos {
	from, looping := body.Pos(), false
	jumps := false
	ast.Inspect(body, func(n ast.Node) bool {
		if jump, ok := n.(*ast.BranchStmt); ok && jump.Tok == token.GOTO {
			jumps = true
		}
		s, ok := n.(ast.Stmt)
		if !ok || looping || pos < s.Pos() || s.End() <= pos {
			return true
		}
		switch s.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			looping = true
		}
		from = s.Pos()
		return true
	})
	if jumps {
		return body.Pos()
	}
	return from
}
