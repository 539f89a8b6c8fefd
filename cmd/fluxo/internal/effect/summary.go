package effect

// What is known of a function: the type that the rest of the command asks for.

import (
	"go/types"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Role says how the language treats a function.
type Role uint8

const (
	Plain    Role = iota // nobody said anything; Effects are inferred or shipped
	StepRole             // declared a step
	FlowRole             // declared a flow
	Observer             // a logger, a metric, a span: never in the way
	Extract              // //fluxo:context: only extracts a context value
	FreshOne             // a clock, an ID, a random source
	Derives              // makes a context from a context: context.WithTimeout
	Forks                // runs its function argument beside the caller: (*errgroup.Group).Go
	Joins                // waits for what was forked: (*sync.WaitGroup).Wait
	AnyOrder             // an iterator over a map: maps.Keys
)

// A Summary is what is known of one function. It travels as a fact.
type Summary struct {
	Role Role

	// Effects is what a call does beside its arguments and results; none
	// means pure. Parts of data keys are expressions over parameter names.
	Effects []graph.Effect

	// From says who promises: "directive", "inferred", "shipped", "assumed" or,
	// for an opaque function, "unknown".
	From string

	// Edits lists the parameters whose content a call may change in place;
	// afterwards it may share memory with any other argument. Aliases lists those
	// that the results may share memory with. Receiver is the receiver; Shared, in
	// Aliases, memory that outlives the call.
	Edits, Aliases []int

	// Holds lists those of Aliases whose own memory the results do not share, only
	// what lies behind it: slices.Clone copies the elements, not what they point to.
	Holds []int

	// Calls lists the parameters of function type that a call may call. What it
	// does is then what Effects says and what those functions do.
	Calls []int

	// Panics: a call may panic by itself (an index, a division), seen in its
	// code or in that of the pure functions it calls.
	Panics bool

	// Words that act, for a declared step.
	Timeout time.Duration
	Retry   int
	Limit   int
	Batch   string // the function that //fluxo:batch names

	// Triggers of a flow, as written: "get /weather/{zip}", "every 10m"; or of a raw handler,
	// which is an opaque step to flows: "raw GET /files/{path...}".
	Triggers []string

	// Why says, for an opaque function, what in its code stands in the way of
	// pure, and where: "writes package variable hits (count.go:12)".
	Why string

	// Asks says what a call asks of the world outside the process, or changes in
	// it, for certain; Changes says what it changes there.
	Asks, Changes string
}

// IsPure reports whether a call does nothing beside its arguments and results.
func (s Summary) IsPure() bool { return len(s.Effects) == 0 }

// An Index answers for every function that a package can call.
type Index interface {
	// Of returns the summary of fn; for an interface method what its directive
	// says; for anything unknown an opaque one. fn may be generic or an
	// instance of a generic function.
	Of(fn *types.Func) Summary
}
