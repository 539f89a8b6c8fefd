package effect

// The world outside the process: what a body is known to ask of it and to change in it,
// in files, other processes and on the network.

import (
	"go/ast"
	"go/token"
	"go/types"
	"net/http"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// outside is what an entry says of the world outside, without the advice behind it.
func (e entry) outside() (asks, changes string) {
	what, _, _ := strings.Cut(e.why, ";")
	if e.changes {
		return what, what
	}
	if e.asks {
		return what, ""
	}
	return "", ""
}

// outside adds to the summary of an unknown function what the tables say of it.
func (s *Summary) outside(fn *types.Func) {
	key, _ := tableKey(fn)
	if e, ok := shipped()[key]; ok {
		s.Why = e.why
		s.Asks, s.Changes = e.outside()
	}
}

// outside notes what a callee does to the world outside. Of functions that the author
// cannot edit the tables alone speak: what libraries read and write for themselves, once
// for the whole process, does not concern results.
func (b *body) outside(fn *types.Func, s Summary, call *ast.CallExpr, pos token.Pos) {
	key, _ := tableKey(fn)
	at := " (" + b.where(pos) + ")"
	if method := b.method(key, call); changesBy(method) && b.found.changes == "" {
		b.found.changes = "makes a " + method + " request" + at
	} else if (method == http.MethodPost || shipped()[key].posts) && b.found.posts == "" {
		b.found.posts = "sends a POST request" + at
	}
	if f := b.funcs[fn]; f != nil && f.found.posts != "" && b.found.posts == "" {
		b.found.posts = f.found.posts
	}
	if s.Asks == "" || s.Role != Plain || !b.speaks(fn) {
		return
	}
	calls := "calls " + b.name(fn) + ": "
	b.prove(pos, calls+shorten(s.Asks))
	if b.found.asks == "" {
		b.found.asks = calls + shorten(s.Asks) + at
	}
	if s.Changes != "" && b.found.changes == "" && !b.isSetting(key, call) {
		b.found.changes = calls + shorten(s.Changes) + at
	}
	if f := b.funcs[fn]; f != nil && f.found.scratch {
		b.found.scratch = true
	}
	switch key {
	case "os.CreateTemp", "os.MkdirTemp", "io/ioutil.TempFile", "io/ioutil.TempDir":
		b.found.scratch = true
	}
}

// printed reports whether what is written to is the output of the process itself: what
// people read there is an observation.
func printed(to set) bool {
	for _, r := range to {
		if v, ok := r.id.(*types.Var); ok && r.kind == global && v.Pkg().Path() == "os" {
			return true
		}
	}
	return false
}

// speaks reports whether what is known of fn concerns its callers.
func (b *body) speaks(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Pkg() == b.pkg {
		return true
	}
	if key, ok := tableKey(fn); ok {
		if _, known := shipped()[key]; known {
			return true
		}
	}
	var f Fact
	return b.r.pass.ImportObjectFact(fn, &f) && f.Editable
}

// changed is what a body changes in the world outside; a file of its own that it removes
// again is nothing to anybody else.
func (f *finding) changed() string {
	if f.scratch {
		return ""
	}
	return f.changes
}

// changesOutside reports a step that changes the world outside, though its class says that it does not,
// and tells of one that may.
func (f *finding) changesOutside(d *declared, s Summary, report reporter) bool {
	name, class := d.ident.Name, graph.LocalTo
	if len(s.Effects) > 0 {
		class = s.Effects[0].Class
	}
	what := f.changed()
	if what == "" {
		if f.posts != "" {
			report(d.ident.Pos(), d.ident.End(), "FX504", name+" is declared "+class.String()+", and "+f.posts, "if that changes something, say "+prefix+"effect, or "+prefix+"writes with the name of the data")
		}
		return false
	}
	report(d.ident.Pos(), d.ident.End(), "FX305", name+" is declared "+class.String()+", but "+what, "say what "+name+" does: "+prefix+"writes with the name of the data, or "+prefix+"effect; or let a step of its own do it")
	return true
}
