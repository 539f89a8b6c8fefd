package engine

// What emitted code hands to the engine: the functions behind a graph's nodes
// and variables. The structure is the graph's; this is only the author's code,
// cut at the nodes' edges.

// An Exit is how a node left its block. The zero value goes on to the next
// node. Break and continue name the loop they mean by how many loops lie
// between it and the node: 0 is the innermost.
type Exit int32

const (
	Next   Exit = 0
	Return Exit = 1
)

// BreakOut leaves the loop that is n loops out.
func BreakOut(n int) Exit { return Exit(2 + 2*n) }

// ContinueOut goes on with the next iteration of the loop that is n loops out.
func ContinueOut(n int) Exit { return Exit(3 + 2*n) }

// A Frame holds the variables of one run of a flow, or of one iteration of a
// loop in it. Vars points to the struct that emitted code declares for that
// scope; Up is the frame of the scope around it, nil for the flow's own.
type Frame struct {
	Up   *Frame
	Vars any

	forks []*fork // begun early for this scope, by the number of their start node
	run   *run    // of a flow's own frame: what Leave gives back
}

// A Code is the author's code of one node.
//
//	glue, step, call, fresh, fail, result, defer   Run
//	branch                                         Pick
//	each, fold                                     Begin and More
type Code struct {
	// Run runs the node on frame f of the node's scope.
	Run func(t *Thread, f *Frame) Exit

	// Pick evaluates the condition and returns the index of the block to run,
	// or -1 for none. Variables that the condition binds are set.
	Pick func(t *Thread, f *Frame) int

	// Begin evaluates the range operand, once, and returns a cursor; More sets the
	// next iteration's own variables in it, or returns false. Frame it is new,
	// with it.Up = f. Calls of More may run ahead of the iterations' bodies
	// where the node is an each; where it is a fold, each call comes after
	// the body before it (prev is that iteration's frame, nil at first).
	Begin func(t *Thread, f *Frame) any
	More  func(t *Thread, cursor any, it, prev *Frame) bool

	// Data appends the named data that a step of class reads is about to read,
	// with keys evaluated on f, in the order of the node's effects' Data. nil
	// if the node reads no named data.
	Data func(f *Frame, keys []DataKey) []DataKey

	// Writes is the same for class writes, for those who record the run: what a
	// write does is the step's own, whoever calls it. nil if the node writes none.
	Writes func(f *Frame, keys []DataKey) []DataKey
}

// A DataKey is a graph.DataKey with its parts evaluated: each part is the
// canonical key of a value. A nil part and those after it are unknown: the
// key stands for all under the parts before it.
type DataKey struct {
	Name  string
	Parts [][]byte
}

// A Var is the code of one variable. Every function takes the Vars of the
// frame of the variable's scope.
type Var struct {
	// Move sets dst's variable to src's, sharing memory.
	Move func(dst, src any)

	// Key appends the canonical key of the value; false if its dynamic
	// content has none (an `any` that holds a handle). nil if the type has none.
	Key func(b []byte, vars any) ([]byte, bool)

	// Save returns a deep copy of the value that shares nothing with it, and
	// its size in bytes; Load sets the variable to a deep copy of what Save
	// returned. nil if the type has no copier; ok is false if the dynamic
	// content cannot be copied. Of an error and of a context they pass the
	// value itself.
	Save func(vars any) (saved any, size int, ok bool)
	Load func(vars any, saved any)

	// Flat: values of the type hold no memory that anyone could change after
	// the value was set: numbers, strings, time.Time, structs and arrays of them.
	Flat bool
}

// A FrameCode makes the Vars of one scope.
type FrameCode struct {
	New   func() any
	Clear func(vars any) // makes them like new
}

// FrameOf returns the FrameCode of Vars that are a *T.
func FrameOf[T any]() FrameCode {
	return FrameCode{
		New:   func() any { return new(T) },
		Clear: func(vars any) { *vars.(*T) = *new(T) },
	}
}

// A Program is one flow as emitted: its graph in text form, and the code for
// it. Nodes and Vars are in the order of the text (a node before the nodes in
// its blocks).
type Program struct {
	Graph  string
	Frames []FrameCode // for Vars: the flow's own first, then one for each loop, in the order of the text
	Nodes  []Code
	Vars   []Var
	NoPool bool // a frame may be referred to after the run, or after its iteration (a closure or &local escapes): never reuse one
}
