package effect

// The words of the directive language: what each takes and where it goes.

import "fluxo.dev/fluxo/graph"

// A verb is what a directive line does.
type verb uint8

const (
	classVerb   verb = iota + 1 // gives a step its class
	wordVerb                    // adds a word to a step
	triggerVerb                 // makes a flow
	programVerb                 // speaks for the package or the program, not for a function
	laterVerb                   // named by the language, not run by this version
)

// verbs is every name that may follow //fluxo:.
var verbs = map[string]verb{
	"pure": classVerb, "reads": classVerb, "volatile": classVerb, "local": classVerb, "writes": classVerb,
	"effect": classVerb, "opaque": classVerb, "observe": classVerb, "context": classVerb,

	"within": wordVerb, "onerror": wordVerb, "errors": wordVerb, "idempotent": wordVerb, "deferrable": wordVerb,
	"unordered": wordVerb, "undo": wordVerb, "timeout": wordVerb, "retry": wordVerb, "limit": wordVerb, "batch": wordVerb,

	"get": triggerVerb, "post": triggerVerb, "put": triggerVerb, "patch": triggerVerb, "delete": triggerVerb, "flow": triggerVerb,
	"every": triggerVerb, "raw": triggerVerb,

	"sole": programVerb, "assume": programVerb, "observer": programVerb,

	"live": laterVerb, "on": laterVerb, "task": laterVerb,
	"stale": laterVerb, "snapshot": laterVerb, "system": laterVerb,
}

// later says what to write instead of a directive that does not run yet.
var later = map[string]string{
	"live":     "serve the flow with //fluxo:get and let the client ask again",
	"on":       "call the function after the write",
	"task":     "call the function directly",
	"stale":    "give the steps inside an age: //fluxo:volatile 1m, or within=1m after //fluxo:reads",
	"snapshot": "read what must agree in one step",
	"system":   "remove the line; there are no access rules yet",
}

// classes maps the names of classes to the graph's.
var classes = map[string]graph.Class{
	"pure": graph.Pure, "reads": graph.Reads, "volatile": graph.Volatile, "local": graph.LocalTo,
	"writes": graph.Writes, "effect": graph.Acts, "opaque": graph.Opaque, "observe": graph.Observes,
}

// A word's use: the classes that it goes with, and whether it takes a value.
// A word that acts does something by itself; the others only permit.
type wordUse struct {
	with  []string
	value string // what stands after =, for messages; "" if nothing
	acts  bool
}

var words = map[string]wordUse{
	"within":     {with: []string{"reads"}, value: "1m"},
	"onerror":    {with: []string{"volatile"}, value: "6h"},
	"errors":     {with: []string{"pure", "reads", "volatile"}, value: "NotFound"},
	"idempotent": {with: []string{"effect", "writes"}},
	"deferrable": {with: []string{"effect"}},
	"unordered":  {with: []string{"effect"}},
	"undo":       {with: []string{"effect"}, value: "Refund"},
	"timeout":    {with: []string{"reads", "volatile", "writes", "effect", "opaque"}, value: "2s", acts: true},
	"retry":      {with: []string{"reads", "volatile", "writes", "effect"}, value: "2", acts: true},
	"limit":      {with: []string{"reads", "volatile", "writes", "effect", "opaque"}, value: "8", acts: true},
	"batch":      {with: []string{"pure", "reads", "volatile"}, value: "LocateAll"},
}

// Bounds of the words that act. A step tried more often, or run more at once,
// is a loop that nobody sees.
const (
	maxRetry = 10
	maxLimit = 1 << 16
)

// errorKinds are the kinds of error that may be kept like results: those that
// speak of the thing asked for, not of the moment or of who asked.
var errorKinds = []string{"Invalid", "Unauthenticated", "Denied", "NotFound", "Conflict"}

// goesWith reports whether word w has a meaning for class c.
func goesWith(w, c string) bool {
	for _, with := range words[w].with {
		if with == c {
			return true
		}
	}
	return false
}
