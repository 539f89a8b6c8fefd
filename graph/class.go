package graph

// The classes of steps: what each promises and what follows from it. Everything
// that decides by class asks these tables, and the docs are generated from them.

// A Class is what a step promises about the world outside its arguments.
type Class uint8

const (
	Pure     Class = iota // same arguments, same result; touches nothing
	Reads                 // reads named data outside Fluxo's tables, by key
	Volatile              // reads the outside world
	LocalTo               // reads or changes only the request-scoped handles it is given
	Writes                // changes named data and has committed when it returns
	Acts                  // an effect: changes the outside world
	Opaque                // nothing is known
	Observes              // logs, metrics, spans: unordered, never in the way, skipped on a hit

	NumClasses = iota
)

// A Conflict says when two nodes must keep their source order.
type Conflict uint8

const (
	Never    Conflict = iota
	Matching          // if the data they name can be the same
	SameVar           // if they use one handle and one of them changes it
	After             // the local step that changes a handle stays after the other; either way round it does not move before it
	Always
)

// Classes is the class table: Conflicts[a][b] for a node of class a and one of
// class b, and what may be done with a result.
type Classes struct {
	Conflicts [NumClasses][NumClasses]Conflict
	May       [NumClasses]May
}

// May says what a class permits.
type May struct {
	Keep  bool // be stored, and shared between overlapping runs
	Early bool // begin before it is known to be reached
	Twice bool // run a second time beside the first
}

// Table is the class table of the language. A write keeps its order with every other
// write, of other data too: had the first failed, there would be no second.
var table = Classes{
	Conflicts: [NumClasses][NumClasses]Conflict{
		//         pure   reads     volatile local    writes    effect  opaque  observes
		Pure:     {Never, Never, Never, Never, Never, Never, Never, Never},
		Reads:    {Never, Never, Never, Never, Matching, Always, Always, Never},
		Volatile: {Never, Never, Never, Never, Always, Always, Always, Never},
		LocalTo:  {Never, Never, Never, SameVar, After, After, After, Never},
		Writes:   {Never, Matching, Always, After, Always, Always, Always, Never},
		Acts:     {Never, Always, Always, After, Always, Always, Always, Never},
		Opaque:   {Never, Always, Always, After, Always, Always, Always, Never},
		Observes: {Never, Never, Never, Never, Never, Never, Never, Never},
	},
	May: [NumClasses]May{
		Pure:     {Keep: true, Early: true, Twice: true},
		Reads:    {Keep: true, Early: true, Twice: true},
		Volatile: {Keep: true, Early: true, Twice: true},
		LocalTo:  {Keep: true, Early: true, Twice: true}, // what bars it are its handles
		Observes: {Keep: true},
	},
}

// Table returns a copy of the class table.
func Table() Classes { return table }

// Promise says in words what a step of class c promises.
func (c Class) Promise() string { return promises[c] }

var promises = [NumClasses]string{
	Pure:     "same arguments, same result; touches nothing",
	Reads:    "reads named data outside Fluxo's tables, by key; no other input, no effect; arguments neither changed nor retained",
	Volatile: "reads the outside world; a result may be used until its age is reached (0: never again); no other input, no effect; arguments neither changed nor retained",
	LocalTo:  "reads or changes only the request-scoped handles that it is given",
	Writes:   "changes named data and has committed when it returns",
	Acts:     "changes the outside world",
	Opaque:   "nothing is known",
	Observes: "logs, measures or traces: unordered, skipped where a result is taken instead of computed",
}

// String completes "two nodes keep their source order …".
func (c Conflict) String() string { return conflictNames[c] }

var conflictNames = [...]string{
	Never:    "never",
	Matching: "on matching data",
	SameVar:  "on one handle that either changes",
	After:    "if the local step changes a handle",
	Always:   "always",
}
