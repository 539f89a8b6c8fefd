package lift

// What a piece of code reads, sets, edits, does and risks.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// A use is what one node's code does with variables and the world.
type use struct {
	l             *lifter
	in, out, edit []*Var
	must          []*Var // those of out that are set whenever the code runs
	effects       []graph.Effect
	exits         graph.Exits
	loops         int // between the code and the outermost loop that it leaves
	panics        bool
	derefs        []string // paths that are not nil once the code has run

	literals int  // function literals around the present place
	maybe    bool // the present place may not be reached
}

func (l *lifter) newUse() *use { return &use{l: l} }

func (u *use) read(v *Var) { u.in = with(u.in, v) }
func (u *use) set(v *Var) {
	u.out = with(u.out, v)
	if v.Object != nil && u.l.addressed[v.Object] {
		u.change(v, cell(v.Go)) // pointers to it see the change
	}
	if u.literals == 0 && !u.maybe {
		u.must = with(u.must, v)
	}
}

// passed returns what the code reads, with those of the variables it sets that
// it may also leave as they were: their old values pass through. An unnamed
// result is not among them: only a return looks at it.
func (u *use) passed() []*Var {
	in := u.in
	for _, v := range u.out {
		if !slices.Contains(u.must, v) && !(v.Role == graph.Result && u.l.flow.vars[v.Object] == nil) {
			in = with(in[:len(in):len(in)], v)
		}
	}
	return in
}

// change notes that memory which v leads to is changed in place.
func (u *use) change(v *Var, memory *cells) {
	u.read(v)
	u.edit = with(u.edit, v)
	u.l.edits = append(u.l.edits, edit{v, memory})
	if v.Kind == graph.Identity {
		u.effects = unite(u.effects, []graph.Effect{{Class: graph.Opaque}})
	}
}

func with(list []*Var, v *Var) []*Var {
	if v == nil || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// perhaps walks code that may not be reached.
func (u *use) perhaps(f func()) {
	was := u.maybe
	u.maybe = true
	f()
	u.maybe = was
}

// exprs reads each of list.
func (u *use) exprs(list ...ast.Expr) {
	for _, e := range list {
		u.expr(e)
	}
}

// expr reads e.
func (u *use) expr(e ast.Expr) {
	if e == nil {
		return
	}
	if hoisted := u.l.flow.Hoisted[e]; hoisted != nil {
		for _, v := range hoisted {
			u.read(v)
		}
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		u.ident(e)
	case *ast.ParenExpr:
		u.expr(e.X)
	case *ast.FuncLit:
		u.literal(e)
		u.l.flow.NoPool = true // it may be called after the run
	case *ast.SelectorExpr:
		u.selector(e)
	case *ast.IndexExpr:
		u.index(e)
	case *ast.IndexListExpr:
		u.expr(e.X)
	case *ast.SliceExpr:
		u.exprs(e.X, e.Low, e.High, e.Max)
		if e.Low != nil || e.High != nil || e.Max != nil {
			u.panics = true
		}
	case *ast.StarExpr:
		u.expr(e.X)
		u.deref(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			u.address(e.X)
			return
		}
		u.expr(e.X)
	case *ast.BinaryExpr:
		u.binary(e)
	case *ast.TypeAssertExpr:
		u.expr(e.X)
		if _, commaOK := u.l.info.TypeOf(e).(*types.Tuple); !commaOK {
			u.panics = true
		}
	case *ast.CallExpr:
		u.call(e)
	case *ast.CompositeLit:
		u.composite(e)
	}
}

func (u *use) ident(id *ast.Ident) {
	o := u.l.info.Uses[id]
	if v := u.l.flow.vars[o]; v != nil {
		u.read(v)
		return
	}
	if lit := u.l.flow.Funcs[o]; lit != nil {
		u.literal(lit)
		u.l.flow.NoPool = true
		return
	}
	u.l.packageVar(u, o)
}

// literal notes what a function literal captures. What its calls do counts
// for the call that it is passed to.
func (u *use) literal(lit *ast.FuncLit) {
	if u.l.inLiteral[lit] {
		return
	}
	u.l.inLiteral[lit] = true
	defer delete(u.l.inLiteral, lit)
	effects := u.effects
	u.literals++
	u.perhaps(func() { u.stmt(lit.Body) })
	u.literals--
	u.effects = effects
	for _, v := range u.out {
		u.in = with(u.in, v)
	}
}

func (u *use) selector(e *ast.SelectorExpr) {
	sel := u.l.info.Selections[e]
	if sel == nil {
		u.l.packageVar(u, u.l.info.Uses[e.Sel])
		return
	}
	u.expr(e.X)
	if sel.Kind() == types.MethodExpr {
		return
	}
	if f, ok := sel.Obj().(*types.Var); ok {
		u.field(e.X, f)
	}
	if follows(sel) {
		u.deref(e.X)
	}
	if sel.Indirect() && len(sel.Index()) > 1 {
		u.panics = true // an embedded pointer on the way
	}
}

// follows reports whether taking the field or method follows the pointer that
// its operand is.
func follows(sel *types.Selection) bool {
	if !isPointer(sel.Recv()) {
		return false
	}
	fn, isMethod := sel.Obj().(*types.Func)
	return !isMethod || !isPointer(fn.Signature().Recv().Type()) && !isInterface(fn.Signature().Recv().Type())
}

// deref notes that the pointer e is followed.
func (u *use) deref(e ast.Expr) {
	path := u.l.path(e)
	if path == "" {
		u.panics = true
		return
	}
	if !u.l.nonNil[path] && !slices.Contains(u.derefs, path) && !u.l.isGiven(path) {
		u.panics = true
	}
	if !u.maybe {
		u.derefs = append(u.derefs, path)
	}
}

// isGiven reports whether a path is a receiver or a request-scoped parameter:
// a flow is not called without them.
func (l *lifter) isGiven(path string) bool {
	for _, p := range l.flow.Params {
		if string(p.ID) == path {
			return p.Kind == graph.Identity || p.Kind == graph.Handle
		}
	}
	return false
}

func (u *use) index(e *ast.IndexExpr) {
	u.expr(e.X)
	tv := u.l.info.Types[e.X]
	if _, isFunc := tv.Type.Underlying().(*types.Signature); isFunc || tv.IsType() {
		return // an instance of a generic function or type
	}
	u.expr(e.Index)
	if !u.l.indexIsSafe(e) {
		u.panics = true
	}
}

// indexIsSafe reports whether e cannot panic: a map, or a constant within an array.
func (l *lifter) indexIsSafe(e *ast.IndexExpr) bool {
	switch t := l.info.TypeOf(e.X).Underlying().(type) {
	case *types.Map:
		return !isInterface(t.Key()) // an interface may hold what cannot be compared
	case *types.Array:
		return l.info.Types[e.Index].Value != nil // the compiler has checked it
	case *types.Basic:
		return l.info.Types[e.X].Value != nil && l.info.Types[e.Index].Value != nil
	}
	return false
}

func (u *use) binary(e *ast.BinaryExpr) {
	u.expr(e.X)
	switch e.Op {
	case token.LAND, token.LOR:
		u.perhaps(func() { u.expr(e.Y) })
		return
	case token.QUO, token.REM:
		u.divide(e, e.Y)
	case token.SHL, token.SHR:
		u.shift(e.Y)
	case token.EQL, token.NEQ:
		x, y := u.l.info.TypeOf(e.X), u.l.info.TypeOf(e.Y)
		if isInterface(x) && isInterface(y) && !isError(x) && !isError(y) {
			u.panics = true // what they hold may not be comparable
		}
	}
	u.expr(e.Y)
}

func (u *use) divide(e, by ast.Expr) {
	if isInteger(u.l.info.TypeOf(e)) && u.l.info.Types[by].Value == nil {
		u.panics = true
	}
}

func (u *use) shift(by ast.Expr) {
	tv := u.l.info.Types[by]
	if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 && tv.Value == nil {
		u.panics = true
	}
}

func (u *use) composite(e *ast.CompositeLit) {
	t := u.l.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, isStruct := t.Underlying().(*types.Struct)
	for _, elt := range e.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			u.expr(elt)
			continue
		}
		if !isStruct {
			u.expr(kv.Key)
		}
		u.expr(kv.Value)
	}
}

// address notes that the address of x is taken: whoever has it may read and
// change x for as long as it keeps it.
func (u *use) address(x ast.Expr) {
	u.expr(x)
	if _, isLit := ast.Unparen(x).(*ast.CompositeLit); !isLit {
		u.l.flow.NoPool = true
	}
}

// inOut notes that a call may set x, whose address it is given.
func (u *use) inOut(x ast.Expr, keeps bool) {
	u.expr(x)
	u.part(x)
	if keeps {
		u.l.flow.NoPool = true
	}
	memory := cellsOf(types.NewPointer(u.l.info.TypeOf(x)))
	for _, v := range u.l.rootVars(x, memory) {
		if refersTo(v.Go) {
			u.change(v, memory)
		}
	}
}

// target notes that x is assigned to.
func (u *use) target(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		o := u.l.info.ObjectOf(x)
		if v := u.l.flow.vars[o]; v != nil {
			u.set(v)
			return
		}
		u.l.writesPackageVar(x, o)
	case *ast.SelectorExpr:
		u.expr(x)
		if sel := u.l.info.Selections[x]; sel == nil {
			u.l.writesPackageVar(x, u.l.info.Uses[x.Sel])
		} else if sel.Indirect() || isPointer(u.l.info.TypeOf(x.X)) {
			u.edits(x.X, u.l.cellBehind(x.X))
		} else {
			u.part(x.X)
		}
	case *ast.IndexExpr:
		u.expr(x.X)
		u.expr(x.Index)
		if _, isArray := u.l.info.TypeOf(x.X).Underlying().(*types.Array); isArray {
			u.part(x.X)
		} else {
			u.edits(x.X, u.l.cellBehind(x.X))
		}
		if !u.l.indexIsSafe(x) || isMap(u.l.info.TypeOf(x.X)) {
			u.panics = true // a nil map
		}
	case *ast.StarExpr:
		u.expr(x)
		u.edits(x.X, u.l.cellBehind(x.X))
	}
}

// cellBehind is the memory that an assignment through e changes: what the
// pointer points to, the elements of the slice, the map.
func (l *lifter) cellBehind(e ast.Expr) *cells {
	switch t := l.info.TypeOf(e).Underlying().(type) {
	case *types.Pointer:
		return cell(t.Elem())
	case *types.Slice:
		return cell(t.Elem())
	case *types.Map:
		return cell(t)
	}
	return cellsOf(l.info.TypeOf(e)) // through an embedded pointer
}

// part notes that a part of x, a value that holds no pointer on the way, is assigned to.
func (u *use) part(x ast.Expr) {
	was := u.maybe
	u.maybe = true // the rest of the variable stays
	u.expr(x)
	u.target(x)
	u.maybe = was
}

// edits notes that memory which x leads to is changed in place.
func (u *use) edits(x ast.Expr, memory *cells) {
	if o := u.l.packageRoot(x); o != nil {
		u.l.writesPackageVar(x, o)
	}
	for _, v := range u.l.rootVars(x, memory) {
		u.change(v, memory)
	}
}

// call notes what a call does.
func (u *use) call(c *ast.CallExpr) {
	k := u.l.call(c)
	switch k.kind {
	case conversion:
		u.exprs(c.Args...)
		if u.l.conversionPanics(c) {
			u.panics = true
		}
		return
	case builtin:
		u.builtin(c, k.name)
		return
	}
	u.effects = unite(u.effects, k.effects)
	if k.kind == freshCall {
		u.effects = unite(u.effects, freshEffects(k))
	}
	if k.sum.Panics && !k.own() { // what a step does is dropped with the step; glue is not
		u.panics = true
	}
	u.receiver(c, k)
	for i, arg := range c.Args {
		u.argument(c, k, i, arg)
	}
}

// freshEffects are those of a fresh value inside glue that only observes.
func freshEffects(k *call) []graph.Effect { return k.sum.Effects }

// receiver notes what a call does with the operand that its function is taken from.
func (u *use) receiver(c *ast.CallExpr, k *call) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	s := u.l.info.Selections[sel]
	if !ok || s == nil || s.Kind() != types.MethodVal {
		if lit := u.l.literalOf(c.Fun); lit != nil {
			u.literal(lit)
			return
		}
		u.expr(c.Fun)
		if k.fn == nil && isFunc(u.l.info.TypeOf(c.Fun)) {
			u.cancels(c.Fun)
		}
		return
	}
	u.selector(sel)
	if !editsParam(k, -1) {
		return
	}
	if byAddress(s) {
		u.inOut(sel.X, false)
		return
	}
	u.editsBy(k, sel.X)
}

// editsBy notes that a call changes what x leads to. What it changes in an
// object that outlives the request is among its effects.
func (u *use) editsBy(k *call, x ast.Expr) {
	memory := cellsOf(u.l.info.TypeOf(x))
	for _, v := range u.l.rootVars(x, memory) {
		if v.Kind != graph.Identity || len(k.effects) == 0 {
			u.change(v, memory)
		}
	}
	if o := u.l.packageRoot(x); o != nil && len(k.effects) == 0 {
		u.l.writesPackageVar(x, o)
	}
}

// cancels notes that calling a context's cancel function changes the context.
func (u *use) cancels(fun ast.Expr) {
	t := u.l.info.TypeOf(fun)
	if isNamed(t, "context", "CancelFunc") || isNamed(t, "context", "CancelCauseFunc") {
		u.edits(fun, cellsOf(t))
	}
}

// byAddress reports whether a method call takes the address of its operand.
func byAddress(s *types.Selection) bool {
	recv := s.Obj().(*types.Func).Signature().Recv()
	return isPointer(recv.Type()) && !isPointer(s.Recv()) && !s.Indirect()
}

func (u *use) argument(c *ast.CallExpr, k *call, i int, arg ast.Expr) {
	edited := editsParam(k, paramIndex(k, i))
	if a, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && a.Op == token.AND {
		if _, isLit := ast.Unparen(a.X).(*ast.CompositeLit); !isLit && (edited || k.own()) {
			u.inOut(a.X, k.fn == nil || keeps(k, i))
			return
		}
	}
	if lit := u.l.literalOf(arg); lit != nil && k.fn != nil && !keeps(k, i) {
		u.literal(lit)
		return
	}
	u.expr(arg)
	if edited && refersTo(u.l.info.TypeOf(arg)) && !isContext(u.l.info.TypeOf(arg)) {
		u.editsBy(k, arg)
	}
}

// keeps reports whether a call may keep its argument i beyond its return.
func keeps(k *call, i int) bool {
	return k.sum.From != "shipped" && k.sum.From != "inferred" || resultAliases(k, paramIndex(k, i))
}

// paramIndex is the parameter that argument i goes to.
func paramIndex(k *call, i int) int {
	if k.fn != nil && k.fn.Signature().Variadic() {
		return min(i, k.fn.Signature().Params().Len()-1)
	}
	return i
}

// editsParam reports whether a call may change what parameter i leads to. The
// classes that may be repeated promise to leave their arguments alone.
func editsParam(k *call, i int) bool {
	if slices.Contains(k.sum.Edits, i) {
		return true
	}
	if k.sum.From == "shipped" || k.sum.From == "inferred" || k.kind == flowCall && k.sum.Edits != nil {
		return false
	}
	if i == -1 && k.sum.Role == effect.StepRole {
		return false
	}
	for _, e := range k.effects {
		switch e.Class {
		case graph.Writes, graph.Acts, graph.Opaque, graph.LocalTo:
			return true
		}
	}
	return false
}

func (u *use) builtin(c *ast.CallExpr, name string) {
	u.exprs(c.Args...)
	switch name {
	case "append":
		if u.l.appendOverwrites(c.Args[0]) {
			u.edits(c.Args[0], u.l.cellBehind(c.Args[0]))
		}
	case "copy", "delete", "clear":
		u.edits(c.Args[0], u.l.cellBehind(c.Args[0]))
	case "make":
		for _, n := range c.Args[1:] {
			if u.l.info.Types[n].Value == nil {
				u.panics = true
			}
		}
	case "panic":
		u.panics = true
	}
}

// appendOverwrites reports whether an append to x may write over memory that
// another variable of the flow leads to: append(x[:i], …) over the rest of x, and
// where another slice of the same memory is longer, or was appended to, over that.
func (l *lifter) appendOverwrites(x ast.Expr) bool {
	if _, part := ast.Unparen(x).(*ast.SliceExpr); part {
		return true
	}
	own := l.aliases.sources(x)
	behind := cell(elemOf(l.info.TypeOf(x)))
	for _, o := range own {
		root := l.aliases.find(o)
		for other := range l.aliases.parent {
			if other.Name() != "" && !l.isResult(other) && !slices.Contains(own, other) &&
				l.aliases.find(other) == root && cellsOf(other.Type()).changedBy(behind) {
				return true
			}
		}
	}
	return false
}

// conversionPanics reports whether a conversion may panic: a slice to an array.
func (l *lifter) conversionPanics(c *ast.CallExpr) bool {
	to := l.info.TypeOf(c.Fun).Underlying()
	if p, ok := to.(*types.Pointer); ok {
		to = p.Elem().Underlying()
	}
	_, isArray := to.(*types.Array)
	_, fromSlice := l.info.TypeOf(c.Args[0]).Underlying().(*types.Slice)
	return isArray && fromSlice
}

// path names a chain of fields that starts at a variable; "" for anything else.
func (l *lifter) path(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := l.flow.vars[l.info.Uses[e]]; v != nil {
			return string(v.ID)
		}
	case *ast.SelectorExpr:
		if s := l.info.Selections[e]; s != nil && s.Kind() == types.FieldVal {
			if x := l.path(e.X); x != "" {
				return x + "." + e.Sel.Name
			}
		}
	}
	return ""
}

// forgetNonNil drops what was known of v.
func (l *lifter) forgetNonNil(v *Var) {
	id := string(v.ID)
	for p := range l.nonNil {
		if p == id || len(p) > len(id) && p[:len(id)] == id && p[len(id)] == '.' {
			delete(l.nonNil, p)
		}
	}
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
