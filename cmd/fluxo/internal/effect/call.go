package effect

// Calls: what the callee's summary means for the arguments at hand.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
	"golang.org/x/tools/go/types/typeutil"
)

// callee is the function or interface method that a call names; nil for function
// values, conversions and builtins.
func (b *body) callee(call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(b.info, call).(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

func (b *body) call(call *ast.CallExpr) set {
	if tv := b.info.Types[call.Fun]; tv.IsType() {
		return b.conversion(call, tv.Type)
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if bi, ok := b.info.Uses[id].(*types.Builtin); ok {
			return b.builtin(bi.Name(), call)
		}
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if _, unsafe := b.info.Uses[sel.Sel].(*types.Builtin); unsafe {
			b.opaque(call.Pos(), "uses package unsafe")
			return set{{foreign, nil}}
		}
	}
	fn := b.callee(call)
	if fn == nil {
		return b.callValue(call.Fun, b.eval(call.Fun), b.args(call), call.Pos())
	}
	fresh := b.found.fresh
	args, hasRecv := b.receiver(call, fn)
	args = append(args, b.spread(call, fn)...)
	if s, _ := b.summaryOf(fn); s.Role == Observer {
		b.found.fresh = fresh // what is only observed is in no result
	}
	return b.apply(fn, args, hasRecv, call, call.Pos())
}

// receiver evaluates the receiver of a method call; its address, where Go takes it.
func (b *body) receiver(call *ast.CallExpr, fn *types.Func) (args []set, has bool) {
	recv := fn.Signature().Recv()
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if recv == nil || !ok {
		if recv != nil {
			return nil, true // a method expression through an alias: its first argument
		}
		return nil, false
	}
	s := b.info.Selections[sel]
	if s == nil || s.Kind() == types.MethodExpr {
		return nil, true // T.Method(x): the receiver is the first argument
	}
	return []set{b.bound(sel, s, fn)}, true
}

// bound is the receiver that a method is called on, or bound to.
func (b *body) bound(sel *ast.SelectorExpr, s *types.Selection, fn *types.Func) set {
	_, wants := fn.Signature().Recv().Type().Underlying().(*types.Pointer)
	t := b.typeOf(sel.X)
	_, has := t.Underlying().(*types.Pointer)
	if wants && !has && len(s.Index()) == 1 {
		x := b.addr(sel.X)
		if fn.Signature().Results().Len() > 0 && !changesState(fn) {
			b.readThrough(x, sel.Pos())
		}
		return x
	}
	x := b.eval(sel.X)
	if wants && !has {
		x = b.join(x, b.addr(sel.X))
	}
	for _, i := range s.Index()[:len(s.Index())-1] { // through embedded fields
		if p, ok := t.Underlying().(*types.Pointer); ok {
			b.deref(x, p)
			x = b.load(x).with(x...)
			t = p.Elem()
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			if x.old() {
				x = b.oldField(t, st.Field(i), x, sel.Pos())
			}
			t = st.Field(i).Type()
		}
	}
	return x
}

// args evaluates the arguments.
func (b *body) args(call *ast.CallExpr) []set {
	var all []set
	for _, a := range call.Args {
		if len(call.Args) == 1 {
			all = append(all, b.evalMany(a)) // f(g()) passes all results of g
		} else {
			all = append(all, b.eval(a))
		}
	}
	return all
}

// spread brings the arguments in line with the parameters: variadic ones are
// put together, several results of one call go to every parameter.
func (b *body) spread(call *ast.CallExpr, fn *types.Func) []set {
	args := b.args(call)
	n := fn.Signature().Params().Len()
	if fn.Signature().Recv() != nil {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			if s := b.info.Selections[sel]; s != nil && s.Kind() == types.MethodExpr {
				n++
			}
		}
	}
	if len(args) == 1 && n > 1 {
		if _, tuple := b.typeOf(call.Args[0]).(*types.Tuple); tuple {
			for len(args) < n {
				args = append(args, args[0])
			}
		}
	}
	if fn.Signature().Variadic() && n > 0 && len(args) >= n {
		var rest set
		for _, a := range args[n-1:] {
			rest = b.join(rest, a)
		}
		args = append(args[:n-1:n-1], rest)
	}
	return args
}

// notHandles leaves out the fields and package variables that hold handles: what
// a step does to a handle is what its class says, and the handle stays the same one.
func (b *body) notHandles(to set) set {
	var left set
	for _, r := range to {
		if v, ok := r.id.(*types.Var); ok && (r.kind == fieldMark || r.kind == global) && IsHandle(v.Type()) {
			continue
		}
		left = left.with(r)
	}
	return left
}

// apply is a call of fn with the given arguments, the receiver first if there
// is one. It returns what the results may point to.
func (b *body) apply(fn *types.Func, args []set, hasRecv bool, call *ast.CallExpr, pos token.Pos) set {
	s, why := b.summaryOf(fn)
	arg := func(i int) set {
		if hasRecv {
			i++
		}
		if i < 0 || i >= len(args) {
			return nil
		}
		return args[i]
	}
	var all set
	for _, a := range args {
		all = b.join(all, a)
	}
	b.effects(fn, s, why, args, hasRecv, call, pos)
	b.found.panics = b.found.panics || s.Panics
	deep := s.From != "shipped" || isLocal(s)
	handed := b.passes(fn, arg)
	outer, later, foreign := b.inLocal, b.later, b.foreign
	b.foreign = b.funcs[fn] == nil
	b.inLocal, b.later = isLocal(s), later || returnsFunction(fn)
	for _, i := range s.Edits {
		to := arg(i)
		if deep {
			to = b.reach(to)
		}
		if !s.IsPure() {
			to = b.notHandles(to)
		}
		b.writeAll(to, b.kept(s, arg, all).with(handed...), pos, s.From != "unknown" && s.IsPure())
	}
	b.inLocal, b.later, b.foreign = outer, later, foreign
	if hasRecv && changesState(fn) {
		b.changeState(arg(Receiver), pos)
	}
	for _, i := range s.Calls {
		b.callArgument(fn, i, arg(i), all, pos)
	}
	if isOpaque(s) {
		b.escapes(fn, s, all, pos)
	}
	return b.resultOf(s, arg, call, pos).with(handed...)
}

// kept is what a call may store in the arguments that it edits: all the
// others, except that the tables say which.
func (b *body) kept(s Summary, arg func(int) set, all set) set {
	if s.From != "shipped" {
		return b.reach(all)
	}
	var out set
	for _, i := range s.Aliases {
		if i != Shared {
			out = b.join(out, b.reach(arg(i)))
		}
	}
	return out
}

// resultOf is what the results may point to: new memory, and what the summary says
// they share.
func (b *body) resultOf(s Summary, arg func(int) set, call *ast.CallExpr, pos token.Pos) set {
	var shared, held set
	for _, i := range s.Aliases {
		switch {
		case i == Shared:
			shared = shared.with(region{outlives, nil})
		case has(s.Holds, i):
			held = b.join(held, b.load(b.reach(arg(i))))
		default:
			shared = b.join(shared, b.reach(arg(i)))
		}
	}
	if isOpaque(s) && s.Role == Plain {
		shared = shared.with(region{foreign, nil})
	}
	r := b.at(pos)
	if call != nil {
		r = b.at(call)
	}
	if call == nil || hasInnerPointers(b.typeOf(call)) {
		b.put(r, shared.with(held...))
	}
	return shared.with(r)
}

func isOpaque(s Summary) bool {
	for _, e := range s.Effects {
		if e.Class == graph.Opaque {
			return true
		}
	}
	return false
}

func isLocal(s Summary) bool {
	for _, e := range s.Effects {
		if e.Class == graph.LocalTo {
			return true
		}
	}
	return false
}
