// Package mutant says which mutant of the engine is in force. Package patch puts all
// of them into one build of the engine, which asks here.
package mutant

// Present is the name of the mutant that runs; "" for the engine as it is. It is set
// between runs, by the only goroutine that there is then.
var Present string
