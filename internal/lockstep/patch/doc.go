// Package patch has mutants of the engine: the engine with one mistake in it, for each
// trap that its patterns have and each sentence of their meaning. A mutant is a
// few lines of text and what stands in their place.
//
// All mutants are in one program (mutant schemata, after Untch, Offutt and Harrold,
// 1993): of each function that a mutant changes there is a changed copy, and the function
// itself begins by asking whether to go on there. So they cost one build together.
//
// Mutants are killed by a difference of meaning, found by generated lockstep runs. What
// is only a matter of cost, or of memory that two goroutines use at once, cannot
// be seen so: elsewhere.go names the test that sees it.
package patch
