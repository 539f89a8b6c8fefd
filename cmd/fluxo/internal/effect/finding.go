package effect

// Findings: what a body was seen to do, and what is said of its function for that.

import (
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A finding is what a body was seen to do.
type finding struct {
	opaque    string // why it is not pure; "" if nothing stands in the way
	proof     string // the same, where it is certain
	asks      string // what it asks of the world outside, or changes there, for certain
	changes   string // what it changes there
	posts     string // what it may change there
	scratch   bool   // makes a temporary file, which may be what it changes
	observes  bool
	local     bool // changes or reads request-scoped handles it was given
	fresh     bool // asks a clock or a random source
	panics    bool
	begins    bool           // requests may be running once it was called
	tangled   bool           // given up: the worst is assumed already
	edits     map[int]string // parameters whose content it changes: where; "" where that is not sure
	aliases   map[int]bool   // parameters that results share memory with; false: only behind their first level
	calls     map[int]bool
	hidden    hidden
	hiddenVar hidden // the same for variables and fields that change
	identity  string // what it asks of its arguments that copies of them answer otherwise
	reach     []graph.Effect
	relies    map[string]bool // exported variables read as constants, by full name

	keeps  map[int]map[*types.Var]bool // package variables that it stores a parameter in
	handed map[*types.Var]bool         // package variables whose memory it returns, or stores in its arguments
}

// A hidden input: what it is and where it is read.
type hidden struct {
	what string
	pos  token.Pos
	key  string // of a context value

	direct bool // read in this very body
}

func newFinding() *finding {
	return &finding{edits: map[int]string{}, aliases: map[int]bool{}, calls: map[int]bool{}, relies: map[string]bool{},
		keeps: map[int]map[*types.Var]bool{}, handed: map[*types.Var]bool{}}
}

// weight grows with every change to a finding: they only ever get weaker.
func (f *finding) weight() int {
	n := len(f.edits) + len(f.aliases) + len(f.calls) + len(f.reach) + len(f.relies) + len(f.handed)
	for _, list := range f.keeps {
		n += len(list)
	}
	for _, direct := range f.aliases {
		if direct {
			n++
		}
	}
	for _, b := range []bool{f.opaque != "", f.proof != "", f.asks != "", f.changes != "", f.posts != "", f.scratch, f.observes, f.local, f.fresh, f.panics, f.begins, f.hidden.what != "", f.hiddenVar.what != "", f.identity != ""} {
		if b {
			n++
		}
	}
	return n
}

// summary is what a finding says of a function without directives.
func (f *finding) summary() Summary {
	s := Summary{From: "inferred", Panics: f.panics}
	if f.fresh {
		s.Role = FreshOne
	}
	if f.observes {
		s.Effects = append(s.Effects, graph.Effect{Class: graph.Observes})
	}
	if f.local {
		s.Effects = append(s.Effects, graph.Effect{Class: graph.LocalTo})
	}
	switch {
	case f.opaque == "":
	case f.isHelper():
		for _, e := range f.reach {
			s.Effects = addEffect(s.Effects, e)
		}
		if f.fresh {
			s.Role, s.Effects = Plain, addEffect(s.Effects, graph.Effect{Class: graph.Volatile})
		}
		s.Why = f.opaque
	default:
		s = Summary{From: "unknown", Panics: f.panics, Effects: []graph.Effect{{Class: graph.Opaque}}, Why: f.opaque}
		s.Asks, s.Changes = f.asks, f.changed()
	}
	if f.identity != "" && s.From == "inferred" {
		s.Effects = addEffect(s.Effects, graph.Effect{Class: graph.Pure, Hidden: f.identity})
	}
	f.shares(&s)
	return s
}

// isHelper reports whether calls of steps and flows that say what they do are
// all that keeps the function from being pure: then it does what they do.
func (f *finding) isHelper() bool {
	for _, e := range f.reach {
		if e.Class == graph.Opaque {
			return false
		}
	}
	return len(f.reach) > 0
}

// shares fills in what the function does with its parameters.
func (f *finding) shares(s *Summary) {
	s.Edits, s.Aliases, s.Calls, s.Holds = sorted(f.edits), sorted(f.aliases), sorted(f.calls), nil
	for _, i := range s.Aliases {
		if !f.aliases[i] {
			s.Holds = append(s.Holds, i)
		}
	}
}

// sharesKept fills in what the results of a step that keeps its promise share with its
// arguments. What it changes for certain was reported; of the rest the promise speaks. A
// result that is not pure's and comes from the receiver, or from elsewhere, is the flow's
// to edit.
func (f *finding) sharesKept(s *Summary, fn *types.Func) {
	f.shares(s)
	s.Edits = nil
	if class, _ := keepable(*s); class != graph.Pure {
		s.Aliases = slices.DeleteFunc(s.Aliases, func(i int) bool { return i < 0 || isContext(fn.Signature().Params().At(i).Type()) })
	}
}
