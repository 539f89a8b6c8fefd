// Package interp is the reference meaning of a graph: the walk over its nodes in
// source order, and nothing else. What the nodes do is the Host's. Engine,
// checker and tests are held against it, so it stays minimal: no plan, no
// goroutine, no clock. Planned nodes are transparent.
package interp

import "fluxo.dev/fluxo/graph"

// A Host supplies what each node does. It may panic, and the panic leaves Run
// as it would leave the flow.
type Host interface {
	// Run runs a glue, step, call, fresh, fail or result node. A fail node is
	// run only if its error is not nil.
	Run(n *graph.Node, env *Env) Exit

	// Pick returns the block of a branch to run, -1 for none.
	Pick(n *graph.Node, env *Env) int

	// Begin evaluates what a loop ranges over. More sets the variables of the
	// next iteration in env, or returns false; prev is the iteration before.
	Begin(n *graph.Node, env *Env) (cursor any)
	More(n *graph.Node, cursor any, env, prev *Env) bool

	// Defer evaluates a deferred call's arguments and returns the call.
	Defer(n *graph.Node, env *Env) func()
}

// An Exit says how a node left its block: Next if it did not. Break and
// Continue name the loop that is Loops out; 0 is the innermost.
type Exit struct {
	Way   graph.Exits // 0, or one of graph.Return, graph.Break, graph.Continue
	Loops int
}

// Next goes on to the next node.
var Next Exit

// An Env holds the values of the variables of one scope: of the flow, or of one
// iteration of a loop in it.
type Env struct {
	up   *Env
	vars map[graph.VarID]any
}

// Get returns a variable's value, nil if it was never set.
func (e *Env) Get(id graph.VarID) any { return e.owner(id).vars[id] }

// Set sets a variable. It panics if no scope around declares it.
func (e *Env) Set(id graph.VarID, value any) { e.owner(id).vars[id] = value }

func (e *Env) owner(id graph.VarID) *Env {
	for ; e != nil; e = e.up {
		if _, ok := e.vars[id]; ok {
			return e
		}
	}
	panic("bug: the variable " + string(id) + " is used outside of its scope")
}

// NewEnv returns an environment that declares the variables of scope: "" for
// the flow's own.
func NewEnv(g *graph.Graph, scope graph.NodeID, up *Env) *Env {
	e := &Env{up: up, vars: map[graph.VarID]any{}}
	for _, v := range g.Vars {
		if v.Scope == scope {
			e.vars[v.ID] = nil
		}
	}
	return e
}

// Run walks the flow in env, a flow's environment with the parameters set, and
// leaves the results there. Deferred calls run at the end, last registered
// first, after a panic too, which then goes on.
func Run(g *graph.Graph, host Host, env *Env) {
	w := &walk{g: g, host: host}
	defer w.unwind()
	w.block(g.Body, env)
}

type walk struct {
	g      *graph.Graph
	host   Host
	defers []func()
}

// unwind runs what was deferred. A panic in one call does not keep the others
// from running, as in Go.
func (w *walk) unwind() {
	if len(w.defers) == 0 {
		return
	}
	last := w.defers[len(w.defers)-1]
	w.defers = w.defers[:len(w.defers)-1]
	defer w.unwind()
	last()
}

func (w *walk) block(b *graph.Block, env *Env) Exit {
	for _, n := range b.Nodes {
		if exit := w.node(n, env); exit != Next {
			return exit
		}
	}
	return Next
}

func (w *walk) node(n *graph.Node, env *Env) Exit {
	switch n.Kind {
	case graph.Start:
		return Next
	case graph.Stored, graph.Shared, graph.Hedged:
		return w.block(n.Blocks[0], env)
	case graph.Branch:
		if i := w.host.Pick(n, env); i >= 0 {
			return w.block(n.Blocks[i], env)
		}
		return Next
	case graph.Each, graph.Fold:
		return w.loop(n, env)
	case graph.Defer:
		w.defers = append(w.defers, w.host.Defer(n, env))
		return Next
	case graph.Fail:
		if env.Get(n.Err) == nil {
			return Next
		}
	}
	return w.host.Run(n, env)
}

// loop runs the iterations in order. How often is the host's.
func (w *walk) loop(n *graph.Node, env *Env) Exit {
	cursor := w.host.Begin(n, env)
	for prev := (*Env)(nil); ; {
		it := NewEnv(w.g, n.ID, env)
		if !w.host.More(n, cursor, it, prev) {
			return Next
		}
		exit := w.block(n.Blocks[0], it)
		switch {
		case exit.Way == graph.Return:
			return exit
		case exit.Way != 0 && exit.Loops > 0:
			return Exit{exit.Way, exit.Loops - 1}
		case exit.Way == graph.Break:
			return Next
		}
		prev = it
	}
}
