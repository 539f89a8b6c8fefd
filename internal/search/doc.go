// Package search looks for a plan: patterns propose decisions, the checker refuses what is not
// legal, the simulator replays recorded requests under what is left, and the best plan counts.
//
// # How
//
// Patterns may be anybody's, and nothing that they say is believed: what they propose is read as lines of
// a plan, held against the laws, and replayed. One that panics, never ends, or proposes what is no plan is
// left out, with a warning. Nothing here knows a pattern by its name.
//
// One pass over a sample of the requests tells of each candidate how much it could save, which decides
// who is replayed first. Replays are of the flows that a set of decisions touches, and are remembered. A greedy climb
// gives a plan to beat; up to 15 candidates all legal sets are looked at, beyond that simulated annealing
// changes the plan at random. What does not pay any more is left out at the end, and the best plans are
// replayed with all requests, one after the other, until one keeps the author's limits.
//
// Lines of the author, pin, never and off, stay as they are and outrank everything.
//
// Everything is decided by the trace, but for the time that it may take.
package search
