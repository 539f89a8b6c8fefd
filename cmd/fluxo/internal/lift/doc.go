// Package lift reads a flow's Go source as a dataflow graph, and cuts the
// author's code at the edges of the graph's nodes.
//
// # What becomes what
//
// The lift walks the body in source order and keeps its structure. A call is
// glue (pure, local to request-scoped handles, or an observer), or it is one
// that the graph must know by itself: a step, a call of a flow, a fresh value.
//
//	statement                                  nodes
//	no such call inside                        one glue node, loops and exits included
//	x, err := Step(a)                          one step node, with the glue of its arguments
//	several such calls, or one inside glue     each a node that sets a temporary, in Go's evaluation order; then the glue
//	a && Step(), a || Step()                   a temporary, and a branch that computes the right operand
//	if err != nil { …; return } after a step   its failure edge
//	if, switch, type switch                    a branch
//	for, range                                 each or fold (see carried.go)
//	return                                     a result node
//	defer f(x)                                 a defer node; arguments are evaluated there
//	f := func … (assigned once)                nothing: the literal is written again where f is used
//	errgroup, sync.WaitGroup                   the functions they run, one after another (see forkjoin.go)
//
// Variables are the source's own: every types.Object declared at a place that
// becomes a node is a [Var] in the frame of the loop (or the flow) around it.
// What is declared inside glue stays inside the glue.
//
// # Helpers
//
// A call of a function of the same program that nobody declared is one node
// with what the inference found the function to do, effects united. Looking
// further in would give the planner smaller regions; it would also make node
// names depend on the bodies of helpers, and a helper whose parts deserve
// decisions of their own deserves a //fluxo:flow line.
package lift
