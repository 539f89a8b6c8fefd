package effect

// One body, statement by statement.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// A body is the analysis of one body, its function literals included: they
// share its variables, and count as called wherever they stand.
type body struct {
	*inference
	*memory
	fn       *function // nil for initialisers and pieces
	found    *finding
	params   map[*types.Var]int
	results  *types.Tuple
	starting bool         // runs before there are requests
	handle   map[int]bool // parameters that are handles
	requests map[int]bool // parameters that are a request

	lits      []*ast.FuncLit // around the present place
	litOut    map[*ast.FuncLit]set
	ranges    map[types.Object]types.Object // index variable → what it indexes
	sorted    map[types.Object]bool         // slices that are sorted by their whole elements
	tamed     map[*ast.CallExpr]bool        // iterators over maps whose order goes no further
	templated bool                          // it executes a template, and what that may call was looked at
	inLocal   bool                          // applying a local step, whose business is to change handles
	later     bool                          // binding a method, which is called at a time that nobody knows
	foreign   bool                          // applying a function of another package
	stored    target                        // what the present store names
	litBegins map[*ast.FuncLit]bool         // literals that begin to serve
	begun     token.Pos                     // where main begins to serve
	holders   map[region][]*types.Var       // package variables that were given the memory

	piece ast.Node     // what is looked at, if it is not a whole function
	outer []*types.Var // variables declared around the piece
}

func newBody(in *inference, f *finding) *body {
	return &body{
		inference: in, memory: newMemory(), found: f, params: map[*types.Var]int{}, handle: map[int]bool{}, requests: map[int]bool{},
		litOut: map[*ast.FuncLit]set{}, ranges: map[types.Object]types.Object{}, sorted: map[types.Object]bool{}, tamed: map[*ast.CallExpr]bool{},
		holders: map[region][]*types.Var{}, litBegins: map[*ast.FuncLit]bool{},
	}
}

// parameters gives every parameter its region.
func (b *body) parameters(sig *types.Signature) {
	give := func(v *types.Var, i int) {
		b.params[v] = i
		b.handle[i] = IsHandle(v.Type()) && !isContext(v.Type())
		b.requests[i] = typeIs(v.Type(), "net/http", "Request")
		if b.hasPointers(v.Type()) {
			b.put(region{localVar, v}, set{{param, i}})
		}
	}
	if r := sig.Recv(); r != nil {
		give(r, Receiver)
	}
	for i := range sig.Params().Len() {
		give(sig.Params().At(i), i)
	}
	b.results = sig.Results()
}

// maxRounds bounds the rounds of one body; sets of regions only grow, so
// far fewer are needed, and a body that needs more counts as opaque.
const maxRounds = 64

func (b *body) run(root ast.Node, walk func()) {
	b.scanOrder(root)
	for range maxRounds {
		b.changed = false
		walk()
		if b.tired() {
			break
		}
		if !b.changed {
			return
		}
	}
	b.found.tangled = true
	b.opaque(token.NoPos, "its pointers are too tangled to follow")
	for v, i := range b.params {
		if b.hasPointers(v.Type()) {
			b.found.edits[i], b.found.aliases[i] = "", true
		}
	}
	b.found.aliases[Shared] = true
}

// opaque notes something that nothing is known of.
func (b *body) opaque(pos token.Pos, why string) {
	b.reason(pos, why)
	b.found.reach = addEffect(b.found.reach, graph.Effect{Class: graph.Opaque})
}

// reason notes why the body is not pure; the first one found stays.
func (b *body) reason(pos token.Pos, why string) {
	if b.found.opaque == "" {
		if pos.IsValid() {
			why += " (" + b.where(pos) + ")"
		}
		b.found.opaque = why
	}
}

// typeOf is the type of e, invalid where there is none: C's expressions have none.
func (b *body) typeOf(e ast.Expr) types.Type {
	if t := b.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

func (b *body) block(s *ast.BlockStmt) {
	for _, s := range s.List {
		b.stmt(s)
	}
}

func (b *body) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
	case *ast.BlockStmt:
		b.block(s)
	case *ast.ExprStmt:
		b.eval(s.X)
	case *ast.AssignStmt:
		b.assign(s)
	case *ast.IncDecStmt:
		b.eval(s.X)
		b.store(s.X, nil)
	case *ast.DeclStmt:
		b.declStmt(s)
	case *ast.ReturnStmt:
		b.returnStmt(s)
	case *ast.IfStmt:
		b.stmt(s.Init)
		b.eval(s.Cond)
		b.block(s.Body)
		b.stmt(s.Else)
	case *ast.ForStmt:
		b.stmt(s.Init)
		if s.Cond != nil {
			b.eval(s.Cond)
		}
		b.stmt(s.Post)
		b.block(s.Body)
	case *ast.RangeStmt:
		b.rangeStmt(s)
	case *ast.SwitchStmt:
		b.stmt(s.Init)
		if s.Tag != nil {
			b.eval(s.Tag)
		}
		b.block(s.Body)
	case *ast.TypeSwitchStmt:
		b.typeSwitch(s)
	case *ast.CaseClause:
		for _, e := range s.List {
			if tv := b.info.Types[e]; !tv.IsType() {
				b.eval(e)
			}
		}
		for _, s := range s.Body {
			b.stmt(s)
		}
	case *ast.LabeledStmt:
		b.stmt(s.Stmt)
	case *ast.DeferStmt:
		b.eval(s.Call)
	case *ast.GoStmt:
		b.opaque(s.Pos(), "starts a goroutine")
		if b.r.authored() {
			b.begins(s.Pos())
		}
		b.eval(s.Call)
	case *ast.SendStmt:
		b.opaque(s.Pos(), "sends on a channel")
		b.eval(s.Chan)
		b.leaks(b.eval(s.Value), s.Pos())
	case *ast.SelectStmt:
		b.opaque(s.Pos(), "waits for channels")
		b.block(s.Body)
	case *ast.CommClause:
		b.stmt(s.Comm)
		for _, s := range s.Body {
			b.stmt(s)
		}
	}
}

// returnStmt notes what memory the results share.
func (b *body) returnStmt(s *ast.ReturnStmt) {
	var out set
	for _, e := range s.Results {
		if _, isCall := ast.Unparen(e).(*ast.CallExpr); isCall && len(s.Results) == 1 {
			out = b.join(out, b.evalMany(e))
		} else {
			out = b.join(out, b.eval(e))
		}
	}
	if n := len(b.lits); n > 0 {
		lit := b.lits[n-1]
		if now := b.litOut[lit].with(out...); len(now) != len(b.litOut[lit]) {
			b.litOut[lit], b.changed = now, true
		}
		return
	}
	if len(s.Results) == 0 && b.results != nil {
		for i := range b.results.Len() {
			out = b.join(out, b.content[b.storage(b.results.At(i))])
		}
	}
	b.returns(out)
}

func (b *body) returns(out set) {
	out = b.join(out, b.captured(b.reach(out)))
	for _, r := range b.reach(out) {
		direct := out.has(r)
		switch r.kind {
		case param:
			b.found.aliases[r.id.(int)] = b.found.aliases[r.id.(int)] || direct
		case global, outlives, foreign:
			b.found.aliases[Shared] = b.found.aliases[Shared] || direct
		}
		b.found.hands(r)
	}
}

func (b *body) typeSwitch(s *ast.TypeSwitchStmt) {
	b.stmt(s.Init)
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		x = a.X
	case *ast.AssignStmt:
		x = a.Rhs[0]
	}
	values := b.eval(ast.Unparen(x).(*ast.TypeAssertExpr).X)
	for _, c := range s.Body.List {
		if v, ok := b.info.Implicits[c].(*types.Var); ok && b.hasPointers(v.Type()) {
			b.put(b.storage(v), values)
		}
		b.stmt(c)
	}
}

func (b *body) rangeStmt(s *ast.RangeStmt) {
	values := b.eval(s.X)
	elems := values
	switch t := b.typeOf(s.X).Underlying().(type) {
	case *types.Chan:
		b.opaque(s.Pos(), "receives from a channel")
	case *types.Map:
		elems = b.load(values)
		if !b.orderFree(s) {
			b.opaque(s.Pos(), "goes through a map in an order that can reach the result")
		}
	case *types.Slice:
		elems = b.load(values)
	case *types.Pointer:
		elems = b.load(values)
		b.deref(values, t)
	case *types.Signature:
		b.callValue(s.X, values, nil, s.Pos())
		if elems = b.reach(values); elems.old() {
			elems = elems.with(region{foreign, nil})
		}
	}
	for _, lhs := range []ast.Expr{s.Key, s.Value} {
		if lhs != nil {
			b.store(lhs, b.only(lhs, elems))
		}
	}
	b.rangeIndex(s)
	b.block(s.Body)
}
