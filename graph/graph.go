package graph

// The types of a graph.

import (
	"strconv"
	"time"
)

type (
	// FlowName is a function's full name as go/types prints it:
	// "example.com/shop.Page" or "(*example.com/shop.Server).Page".
	FlowName string

	// NodeID names a node within its flow, by what it does and not by where
	// it stands, so that unrelated edits of the source leave it alone: the
	// called function ("Observe", a second call "Observe.2"), the failure edge
	// after it ("Observe.fail"), a loop by what it ranges over ("each.zips").
	// A node inside another is named by its path: "each.zips/Observe".
	NodeID string

	// VarID names a variable of the flow: its source name, or with a number
	// where the source uses the name for several variables ("err.2").
	// The results are "out.0", "out.1" and so on.
	VarID string
)

// A Graph is one flow.
type Graph struct {
	Flow FlowName
	Vars []*Var // parameters first (a receiver is the first of them), then locals, then results
	Body *Block
}

// A Role says how a variable relates to its flow.
type Role uint8

const (
	Local  Role = iota
	Param       // set by the caller
	Result      // returned to the caller
)

// A VarKind says what a variable's content is to the laws.
type VarKind uint8

const (
	// Data is compared and copied by content.
	Data VarKind = iota
	// Error is an error; formatting, wrapping and testing it is pure.
	Error
	// Context is a context.Context: it carries cancellation and observers,
	// and is no input of a step (see Effect.Hidden).
	Context
	// Identity is a handle that outlives requests (a receiver, a client held
	// in a package variable): it enters a key by an engine-issued number.
	Identity
	// Handle is a request-scoped handle (a *sql.Tx, a ResponseWriter).
	Handle
	// Func is a function value.
	Func
)

// A Var is one variable of a flow.
type Var struct {
	ID    VarID
	Role  Role
	Kind  VarKind
	Type  string // the Go type, for people
	Scope NodeID // the loop in each of whose iterations a new one lives; "" for the flow itself
	Key   bool   // has a canonical key: can be an input of a stored or shared block
	Copy  bool   // has a copier: can be an output of one
	Alias string // variables with the same non-empty Alias may share memory: an edit of one is an edit of all

	// Of is the struct that the variable is a field of, or a field of a field; "" for most.
	// Such a part has no place of its own: whatever sets the whole sets the part, and nothing
	// else does. What reads the part and not the whole depends on nothing but the part.
	Of VarID
}

// A Block is a list of nodes in source order.
type Block struct {
	Nodes []*Node
}

// A Kind is a node's kind; the package comment has the table.
type Kind uint8

const (
	Glue Kind = iota
	Step
	Call
	Fresh
	Fail
	ResultNode
	Defer
	Branch
	Each
	Fold
	Start
	Stored
	Shared
	Hedged
)

// Exits is the set of ways by which a node itself may leave its block.
// (Nodes inside a node's blocks have their own.)
type Exits uint8

const (
	Return Exits = 1 << iota
	Break
	Continue
)

// A Node is one operation of a flow.
type Node struct {
	ID   NodeID
	Kind Kind

	// Callee is the full name of the function that a step, call, fresh or
	// defer node calls.
	Callee string

	// In lists the variables the node reads, Out those it sets, Edit those
	// whose content it changes in place (each also in In). A variable that the
	// node may leave as it was, and still go on to the next node, is in In
	// beside Out: its old value passes through. (A fail node goes on without
	// having run: its Out is what it sets before it exits. So are the results
	// in the Out of any node that may exit.) For nodes with
	// blocks they cover the node's own condition or range operand and loop
	// variables only; [ReadsOf], [SetsOf] and the like add what stands in the blocks.
	In, Out, Edit []VarID

	// Points lists variables whose address it keeps: x in p := &x, an array in s := a[:],
	// a handle in b.WriteString(t), which is no handle any more once it is copied.
	Points []VarID

	// Err is the error a step sets or a failure edge tests; "" if none.
	Err VarID

	// Limit is how many calls of a step may be under way at once in a process, from whichever node; 0 for any number.
	Limit int

	// Effects is what the node does beside its variables. A pure node has
	// none; a call of a flow has one for each thing the flow reaches.
	Effects []Effect

	// Loops says, of a node with Break or Continue among its Exits, how many
	// loops lie between it and the outermost loop that they may name; 0 for
	// breaks and continues without a label.
	Exits  Exits
	Loops  int
	Panics bool // glue in it may panic: an index, a nil pointer, a division

	Blocks []*Block
	Total  bool // of a branch: one of its blocks always runs (there is an else or a default)
	Pos    Pos
	Text   string // the source on one line, for people

	// First and Last name the nodes that a start node lets begin early. They
	// stand later in the same block. Ahead is for a start node inside an each:
	// how many iterations beyond the present one may have begun; 0 otherwise.
	First, Last NodeID
	Ahead       int

	// Refresh is for a stored node: how likely, in per cent, results must be to be asked for in their
	// next life to be computed again before they expire; 0 for never.
	Refresh int

	// After and Budget are for a hedged node: how long its first try may take before a second
	// one begins, and how many in a hundred calls may have a second one, at most.
	After  time.Duration
	Budget int

	// Answer is for a stored node with the whole flow in it: for whoever encodes the flow's results,
	// the encoded answer is kept in their place.
	Answer bool

	// Fork says what the author's source runs the node beside; nil for nothing.
	Fork *Fork
}

// A Pos is a place in the source.
type Pos struct {
	File string // base name
	Line int
}

func (p Pos) String() string {
	if p.File == "" {
		return "-"
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// An Effect is one promise about a step: its class and words.
type Effect struct {
	Class Class

	// Volatile: a result may be used until For after the call began; OnError,
	// if not 0, lets the last result stand in for a failed call until then.
	For, OnError time.Duration

	// Reads: a result may be kept for Within though nobody reports changes; 0
	// if exactness needs the main package's word (//fluxo:sole).
	Within time.Duration

	// Reads and Writes: the data touched.
	Data []DataKey

	// Errors lists the kinds of error that may be kept like results.
	Errors []string

	// Writes and Effect: the same call once more changes nothing. No law asks for it: it is
	// the word by which the author has a step tried again.
	Idempotent bool

	// Effect: the words that widen what may be done with it.
	Deferrable, Unordered bool

	// Hidden names an input that is not visible in the graph, found in the
	// code of the step: a foreign context key, a package variable that changes.
	Hidden string
}

// A DataKey names data outside Fluxo's tables: all of it, or the part under a
// key. Each part is either a literal ("=de") or an expression over the step's
// parameters ("id"), whose value is known only at run time.
type DataKey struct {
	Name  string
	Parts []string
}

// IsLoop reports whether k is each or fold.
func (k Kind) IsLoop() bool { return k == Each || k == Fold }

// wraps reports whether nodes of kind k stand around nodes of the source.
func (k Kind) wraps() bool { return k == Stored || k == Shared || k == Hedged }

// IsPlanned reports whether nodes of kind k stand in planned graphs only.
func (k Kind) IsPlanned() bool { return k >= Start }
