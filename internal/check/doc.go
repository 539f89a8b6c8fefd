// Package check says whether a planned graph means what its source graph means.
//
// It trusts nobody who made the plan: it imports the graph package alone, knows
// laws and not patterns, compares the two graphs node by node, and derives
// conflicts from the class table itself. What it cannot show is refused.
//
// [Check] first holds the planned graph without its start, stored, shared and
// hedged nodes against the source (same.go) and looks at how those nodes stand
// (shape.go). Then every one of them gets a [Verdict]: a certificate, which lists
// the conjuncts of the laws it relies on, or refusals, each with the conjunct that
// fails, the nodes and source lines involved, and the smallest fix.
//
//	node            laws                                  code
//	start           reorder, speculate if it may come     begin.go, order.go, ahead.go, early.go
//	                to nothing
//	stored          store                                 keep.go, leave.go
//	shared          share                                 keep.go, leave.go
//	hedged          duplicate                             twice.go, leave.go
//
// The conjuncts stand in the table of package graph; here is the code for each,
// under the same ID. [Rules] holds the class table and the set of conjuncts in
// force, so that a test can change one entry and see what it was good for.
package check
