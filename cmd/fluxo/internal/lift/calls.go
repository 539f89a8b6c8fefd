package lift

// What a call is to the lift: glue, or one that gets a node of its own.

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

type callKind uint8

const (
	conversion callKind = iota
	builtin
	glueCall  // pure, local, or an observer
	stepCall  // a node of its own
	flowCall  // a call of a flow
	freshCall // a clock, an ID, a random source
)

// A call is what is known of one call expression.
type call struct {
	kind    callKind
	fn      *types.Func // nil for a function value
	name    string      // for the node's ID
	callee  string      // the full name
	sum     effect.Summary
	effects []graph.Effect
}

// own reports whether the call gets a node of its own.
func (c *call) own() bool { return c.kind >= stepCall }

// observer reports whether the call only observes.
func (c *call) observer() bool {
	if c.sum.Role == effect.Observer {
		return true
	}
	for _, e := range c.effects {
		if e.Class != graph.Observes {
			return false
		}
	}
	return len(c.effects) > 0
}

// call classifies a call expression.
func (l *lifter) call(c *ast.CallExpr) *call {
	if k := l.calls[c]; k != nil {
		return k
	}
	k := l.classify(c)
	l.calls[c] = k
	return k
}

func (l *lifter) classify(c *ast.CallExpr) *call {
	tv := l.info.Types[c.Fun]
	switch {
	case tv.IsType():
		return &call{kind: conversion}
	case tv.IsBuiltin():
		return &call{kind: builtin, name: l.nameOf(c.Fun)}
	}
	k := l.classifyCallee(c)
	if id, method := l.groupCall(c); id != nil && method == "Wait" && groupType(l.info.Uses[id].Type()) != "sync.WaitGroup" {
		k.kind, k.effects = stepCall, nil // its value is a variable of the flow
		return k
	}
	for _, arg := range c.Args {
		k.effects = unite(k.effects, l.valueEffects(arg))
	}
	if k.kind == glueCall && !glueEffects(k.effects) {
		k.kind = stepCall
	}
	return k
}

func (l *lifter) classifyCallee(c *ast.CallExpr) *call {
	fn := calleeOf(l.info, c)
	if fn == nil {
		return l.classifyValue(c)
	}
	sum := l.index.Of(fn)
	k := &call{kind: glueCall, fn: fn, name: shortName(fn), callee: fn.FullName(), sum: sum,
		effects: unite(sum.Effects, l.unseen(fn, sum))}
	switch {
	case isContextValue(fn):
		k.effects = []graph.Effect{{Class: graph.Pure, Hidden: "the context's value " + l.oneLine(c)}}
		k.sum = effect.Summary{From: "shipped"}
	case sum.Role == effect.Extract && isContext(l.info.TypeOf(c)):
		k.effects = nil // r.Context() is the context, not a value in it
	case sum.Role == effect.Extract:
		k.effects = []graph.Effect{{Class: graph.Pure, Hidden: "the context, through " + k.name}}
	case sum.Role == effect.FlowRole:
		k.kind = flowCall
	case sum.Role == effect.FreshOne:
		k.kind = freshCall
	case (sum.Role == effect.Forks || sum.Role == effect.Joins) && !l.usesGroup(c.Fun):
		k.sum.Aliases = []int{0} // it keeps its function
		k.effects = []graph.Effect{{Class: graph.Opaque}}
	case sum.Role == effect.StepRole && !k.observer():
		k.kind = stepCall
	}
	return k
}

// classifyValue classifies a call of a function value.
func (l *lifter) classifyValue(c *ast.CallExpr) *call {
	fun := ast.Unparen(c.Fun)
	name := l.nameOf(fun)
	if name == "" {
		name = "func"
	}
	if lit := l.literalOf(fun); lit != nil {
		return &call{kind: glueCall, name: name, callee: name, effects: l.literalEffects(lit)}
	}
	t := l.info.TypeOf(fun)
	if isCancel(t) {
		return &call{kind: glueCall, name: name, callee: name}
	}
	return &call{kind: stepCall, name: name, callee: name,
		sum:     effect.Summary{From: "unknown", Why: "calls a function value"},
		effects: []graph.Effect{{Class: graph.Opaque}}}
}

// isContextValue reports whether fn is context.Context's Value.
func isContextValue(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return fn.Name() == "Value" && recv != nil && isContext(recv.Type())
}

// valueEffects returns what calling the function that e denotes does, where e
// is a function literal or a variable that stands for one.
func (l *lifter) valueEffects(e ast.Expr) []graph.Effect {
	if lit := l.literalOf(e); lit != nil {
		return l.literalEffects(lit)
	}
	return nil
}

// literalOf returns the function literal that e is or stands for; nil if none.
func (l *lifter) literalOf(e ast.Expr) *ast.FuncLit {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return e
	case *ast.Ident:
		return l.flow.Funcs[l.info.Uses[e]]
	}
	return nil
}

// literalEffects unites the effects of the calls in a function literal.
func (l *lifter) literalEffects(lit *ast.FuncLit) []graph.Effect {
	if l.inLiteral[lit] {
		return nil // recursion adds nothing
	}
	l.inLiteral[lit] = true
	defer delete(l.inLiteral, lit)
	var all []graph.Effect
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			k := l.call(c)
			all = unite(all, widened(k.effects))
			if k.kind == freshCall {
				all = unite(all, []graph.Effect{{Class: graph.Volatile}})
			}
			if k.own() && l.errorResult(c) >= 0 {
				all = unite(all, []graph.Effect{{Class: graph.Pure, Hidden: "a failure of " + k.name + " in a function literal"}})
			}
		}
		return true
	})
	return all
}

// widened returns effects of a call for another one that has other parameters: from the first part of a key on that
// is not literal, the key stands for all below it.
func widened(effects []graph.Effect) []graph.Effect {
	effects = slices.Clone(effects)
	for i := range effects {
		data := slices.Clone(effects[i].Data)
		for j, k := range data {
			if n := slices.IndexFunc(k.Parts, func(p string) bool { return !strings.HasPrefix(p, "=") }); n >= 0 {
				data[j].Parts = append([]string(nil), k.Parts[:n]...)
			}
		}
		effects[i].Data = data
	}
	return effects
}

// glueEffects reports whether a call with these effects is glue.
func glueEffects(effects []graph.Effect) bool {
	for _, e := range effects {
		switch e.Class {
		case graph.Pure, graph.LocalTo, graph.Observes:
		default:
			return false
		}
	}
	return true
}

// unite appends those of more that all does not have.
func unite(all, more []graph.Effect) []graph.Effect {
next:
	for _, e := range more {
		for _, have := range all {
			if reflect.DeepEqual(have, e) {
				continue next
			}
		}
		all = append(all[:len(all):len(all)], e)
	}
	return all
}

// ownCalls returns the calls in n that get nodes of their own, in the order in
// which Go evaluates them. Function literals are not entered: what a literal
// does counts for the call that it is passed to.
func (l *lifter) ownCalls(n ast.Node) []*ast.CallExpr {
	var found []*ast.CallExpr
	l.eachCall(n, func(c *ast.CallExpr) {
		if l.call(c).own() {
			found = append(found, c)
		}
	})
	return found
}

func (l *lifter) hasOwn(n ast.Node) bool { return len(l.ownCalls(n)) > 0 }

// eachCall visits the calls in n in the order of evaluation, but none inside a
// function literal, a deferred call or the arguments of an observer that are fresh.
func (l *lifter) eachCall(n ast.Node, visit func(*ast.CallExpr)) {
	if isNil(n) {
		return
	}
	var stack []ast.Node
	observers := 0
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if c, ok := top.(*ast.CallExpr); ok {
				if l.call(c).observer() {
					observers--
				}
				if observers == 0 || l.call(c).kind != freshCall {
					visit(c)
				}
			}
			return true
		}
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if e, ok := n.(ast.Expr); ok && l.flow.Hoisted[e] != nil {
			return false
		}
		if c, ok := n.(*ast.CallExpr); ok && l.call(c).observer() {
			observers++
		}
		stack = append(stack, n)
		return true
	})
}

func isNil(n ast.Node) bool {
	return n == nil || reflect.ValueOf(n).IsNil()
}
