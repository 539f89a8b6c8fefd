package graph

// The laws: the closed set of ways in which a plan may depart from the source
// order, each with the conditions ("conjuncts") under which the meaning stays.
// Checker, mutants, docs and explanations cite conjuncts by ID.

//go:generate go run ./lawdoc

// A Law is one way to depart from the source order.
type Law string

const (
	Reorder   Law = "reorder"
	Speculate Law = "speculate"
	Store     Law = "store"
	Share     Law = "share"
	Duplicate Law = "duplicate"
	Merge     Law = "merge"
	DeferLaw  Law = "defer"
	Move      Law = "move"
)

// Says completes "under this law …": what a plan may do.
func (l Law) Says() string { return lawSays[l] }

var lawSays = map[Law]string{
	Reorder:   "a node begins before nodes that the source has first",
	Speculate: "a node begins before it is known to be reached",
	Store:     "a block's results are kept and used again",
	Share:     "overlapping runs of a block become one",
	Duplicate: "a block runs a second time beside the first, and what ends first counts",
	Merge:     "several calls become one batched call",
	DeferLaw:  "a node runs after the answer",
	Move:      "a node runs in another process",
}

// A ConjunctID names one condition of a law: "store.3".
type ConjunctID string

// A Conjunct is one condition of a law, as text for people; the checker has
// the code for it under the same ID.
type Conjunct struct {
	ID   ConjunctID
	Law  Law
	Says string // completes "refused, because …" when negated: the condition itself
}

// Laws is the table of conjuncts. Merge, defer and move have none
// yet: no pattern uses them, so nothing is legal under them.
var laws = []Conjunct{
	{"reorder.1", Reorder, "what begins early reads nothing that a node between sets or edits, and no function value or address of a variable crosses its edge"},
	{"reorder.2", Reorder, "what begins early edits nothing in place that a node between, or whatever runs beside it, reads or edits"},
	{"reorder.3", Reorder, "the class table lets it pass every node between that the author does not run beside it"},
	{"reorder.4", Reorder, "it uses no request-scoped handle that a node between uses"},
	{"reorder.5", Reorder, "begun for later iterations of a loop, it reads nothing that an earlier iteration sets or edits, and conflicts with no node of the loop that the author does not run beside it"},
	{"reorder.6", Reorder, "no call is deferred in what begins early"},
	{"reorder.7", Reorder, "clocks, IDs and random values keep their source order, where the author gave them one"},

	{"speculate.1", Speculate, "what begins before it is known to be reached is free of effects; among effects, the class table decides, and what the author runs beside it does not count"},
	{"speculate.2", Speculate, "no glue in it can panic, or ask for memory without bound, where a guard stands in front"},
	{"speculate.3", Speculate, "it makes no observation, which could not be taken back"},
	{"speculate.4", Speculate, "if it is abandoned while it runs, nothing that runs afterwards edits what it reads, or uses its handles"},
	{"speculate.5", Speculate, "it edits nothing in place, handles included, that it did not make itself"},

	{"store.1", Store, "nothing that runs afterwards edits memory that a value which leaves shares with another variable"},
	{"store.2", Store, "every step inside is of a class whose result may be kept, declared effects and writes apart"},
	{"store.3", Store, "no declared effect and no write is inside"},
	{"store.4", Store, "named data inside is kept with an age (within), or the main package answers for its writers (sole)"},
	{"store.5", Store, "nothing inside is volatile 0, and no clock, ID or random value is made inside"},
	{"store.6", Store, "every value that enters has a key and can be copied: no request-scoped handle, no function, no type without them"},
	{"store.7", Store, "every value that leaves is data that can be copied, or an error"},
	{"store.8", Store, "no step inside has a hidden input, and no glue inside takes a value out of a context"},
	{"store.9", Store, "nothing inside edits a value that entered, and no call is deferred inside"},
	{"store.10", Store, "what is computed again before it expires (refresh) makes no observation"},

	{"share.1", Share, "nothing that runs afterwards edits memory that a value which leaves shares with another variable"},
	{"share.2", Share, "every step inside is of a class whose result may be kept, declared effects and writes apart"},
	{"share.3", Share, "no declared effect and no write is inside"},
	{"share.4", Share, "named data inside is kept with an age (within), or the main package answers for its writers (sole)"},
	{"share.5", Share, "nothing inside is volatile 0, and no clock, ID or random value is made inside"},
	{"share.6", Share, "every value that enters has a key and can be copied: no request-scoped handle, no function, no type without them"},
	{"share.7", Share, "every value that leaves is data that can be copied, or an error"},
	{"share.8", Share, "no step inside has a hidden input, and no glue inside takes a value out of a context"},
	{"share.9", Share, "nothing inside edits a value that entered, and no call is deferred inside"},

	{"duplicate.1", Duplicate, "every step inside is of a class that may run twice for one, and no clock, ID or random value is made inside"},
	{"duplicate.2", Duplicate, "every value that enters can be copied, and nothing inside tells the copy from it: no request-scoped handle, no function, no hidden input, no address of a variable"},
	{"duplicate.3", Duplicate, "nothing inside edits a value that entered, and no call is deferred inside"},
	{"duplicate.4", Duplicate, "nothing that runs afterwards edits memory that a value which leaves shares with another variable"},
}

// A Pattern is a technique as plans name it, and the laws that it composes.
type Pattern struct {
	Name string
	Laws []Law
}

// patterns lists the patterns of the plan file.
var patterns = []Pattern{
	{"parallel", []Law{Reorder, Speculate}},
	{"store", []Law{Store}},
	{"coalesce", []Law{Share}},
	{"hedge", []Law{Duplicate}},
	{"answer", []Law{Store}},
}

// Patterns returns a copy of the list of patterns.
func Patterns() []Pattern { return append([]Pattern(nil), patterns...) }

// Laws returns a copy of the table of conjuncts.
func Laws() []Conjunct { return append([]Conjunct(nil), laws...) }
