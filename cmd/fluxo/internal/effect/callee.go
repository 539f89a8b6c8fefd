package effect

// What a callee's summary adds to the finding of its caller.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// summaryOf returns the summary of a callee, and for a function of this package
// without directives what was found so far; with them, so far, what its results share.
func (b *body) summaryOf(fn *types.Func) (s Summary, why string) {
	f := b.funcs[fn]
	if f != nil && b.fn != nil {
		f.callers[b.fn] = true
	}
	s = b.r.Of(fn)
	if f == nil || s.From != "directive" {
		return s, s.Why
	}
	if _, ok := keepable(s); s.Role == StepRole && ok {
		f.found.sharesKept(&s, fn)
	} else if s.Role == FlowRole {
		f.found.shares(&s)
	}
	return s, s.Why
}

// effects adds what a call does beside its arguments and results.
func (b *body) effects(fn *types.Func, s Summary, why string, args []set, hasRecv bool, call *ast.CallExpr, pos token.Pos) {
	b.inherit(fn, s, pos)
	b.reliesOnCallee(fn, s)
	b.addReach(fn, s, call)
	b.environment(fn, pos)
	b.beginsBy(fn, s, pos)
	b.executes(fn, call, pos)
	if !hasRecv || len(args) == 0 || !printed(args[0]) {
		b.outside(fn, s, call, pos)
	}
	name := b.name(fn)
	switch s.Role {
	case Observer:
		b.found.observes = true
		return
	case Extract:
		b.extract(fn, call, pos)
		return
	case FreshOne:
		b.found.fresh = true
		b.prove(pos, "asks "+name+", which answers differently every time")
	case Forks, Joins:
		b.opaque(pos, "runs functions beside each other")
	case AnyOrder:
		if call == nil || !b.tamed[call] {
			b.opaque(pos, "lets the order of a map reach its result")
		}
	case FlowRole:
		b.reason(pos, "calls flow "+name)
		return
	}
	for _, e := range s.Effects {
		switch {
		case e.Class == graph.Pure && e.Hidden != "" && s.Role == Plain:
			b.inheritIdentity(e.Hidden, args)
		case e.Class == graph.Pure:
		case e.Class == graph.Observes:
			b.found.observes = true
		case e.Class == graph.LocalTo:
			b.localCall(fn, s, args, hasRecv)
		case s.Role == StepRole && e.Class != graph.Opaque:
			b.reason(pos, "calls step "+name+" ("+effectText(e)+")")
			b.prove(pos, "calls step "+name+" ("+effectText(e)+")")
		case why != "":
			b.reason(pos, "calls "+name+": "+shorten(why))
		default:
			b.reason(pos, "calls "+name)
		}
	}
}

// environment notes who reads and who changes the environment.
func (b *body) environment(fn *types.Func, pos token.Pos) {
	key, _ := tableKey(fn)
	switch own := &b.r.own; key {
	case "os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv":
		if !b.atStart() {
			b.reliesOnEnvironment(pos)
		}
	case "os.Setenv", "os.Unsetenv", "os.Clearenv":
		if own.Setenv == "" && !b.atStart() && !b.inMain(pos) {
			own.Setenv = b.r.place(pos)
		}
	}
}

// maxWhy bounds a reason, in bytes; reasons of reasons grow.
const maxWhy = 160

func shorten(why string) string {
	if len(why) > maxWhy {
		return why[:maxWhy] + "…"
	}
	return why
}

// name is a function as people write it: pkg.Func, Type.Method.
func (in *inference) name(fn *types.Func) string {
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok {
			name = named.Obj().Name() + "." + name
		}
	}
	if fn.Pkg() != nil && fn.Pkg() != in.pkg {
		name = fn.Pkg().Name() + "." + name
	}
	return name
}

// prove notes a reason that breaks a promise of purity for certain.
func (b *body) prove(pos token.Pos, why string) {
	if b.found.proof == "" {
		b.found.proof = why + " (" + b.where(pos) + ")"
	}
}

// proves is opaque for a reason that is certain.
func (b *body) proves(pos token.Pos, why string) {
	b.opaque(pos, why)
	b.prove(pos, why)
}

// localCall: a local step on handles that the body made itself is no effect.
func (b *body) localCall(fn *types.Func, s Summary, args []set, hasRecv bool) {
	for i, a := range args {
		n := i
		if hasRecv {
			n = i - 1
		}
		if len(s.Edits) > 0 && !has(s.Edits, n) || n >= 0 && !b.mayBeHandle(fn, n) {
			continue
		}
		for _, r := range b.reach(a) {
			if !r.fresh() && r.kind != nilValue {
				b.found.local = true
			}
		}
	}
}

func (b *body) mayBeHandle(fn *types.Func, i int) bool {
	p := fn.Signature().Params()
	return i >= p.Len() || b.hasPointers(p.At(i).Type())
}

func has(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}
