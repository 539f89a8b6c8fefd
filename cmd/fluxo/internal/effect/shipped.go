package effect

// The shipped summaries: tables of functions that everybody uses, as text.
//
//	package strings
//	pure
//		Clone Compare Contains
//	pure calls=f
//		ContainsFunc
//
// A line that is not indented says what the functions on the indented lines
// below it do: a class or role, then edits=, aliases=, holds= (what lies behind
// the parameter's own memory) and calls= with names of parameters (recv is the
// receiver, shared memory that outlives the call), panics, and what the call is known to do to the
// world outside the process: asks, changes, posts (it may change
// something), begins (from the call on, requests may be running). The class unknown says that alone. Methods are written Type.Method. What follows a colon is the reason that people are told.

import (
	"embed"
	"fmt"
	"go/types"
	"path"
	"strconv"
	"strings"
	"sync"

	"fluxo.dev/fluxo/graph"
)

//go:embed shipped/*.txt
var shippedFiles embed.FS

// An entry is what a table says of one function. Parameters stay names until a
// signature is at hand.
type entry struct {
	where   string // file:line, for messages of the tests
	class   string
	edits   []string
	aliases []string
	holds   []string // aliases below the first level
	calls   []string
	panics  bool
	asks    bool
	changes bool
	begins  bool
	posts   bool
	why     string
}

// shipped maps "package.Func" and "package.Type.Method" to entries.
var shipped = sync.OnceValue(func() map[string]entry {
	all := map[string]entry{}
	files, err := shippedFiles.ReadDir("shipped")
	if err != nil {
		panic("bug: " + err.Error())
	}
	for _, f := range files {
		text, err := shippedFiles.ReadFile(path.Join("shipped", f.Name()))
		if err == nil {
			err = parseTable(f.Name(), string(text), all)
		}
		if err != nil {
			panic("bug: " + err.Error())
		}
	}
	return all
})

// parseTable adds the entries of one file.
func parseTable(file, text string, into map[string]entry) error {
	pkg, head := "", entry{}
	for i, line := range strings.Split(text, "\n") {
		where := file + ":" + strconv.Itoa(i+1)
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "package "):
			pkg, head = strings.TrimPrefix(line, "package "), entry{}
		case line[0] != '\t':
			var err error
			if head, err = parseHead(line); err != nil {
				return fmt.Errorf("%s: %v", where, err)
			}
		case head.class == "" || pkg == "":
			return fmt.Errorf("%s: names before a package and a class", where)
		default:
			for _, name := range strings.Fields(line) {
				key := pkg + "." + name
				if old, twice := into[key]; twice {
					return fmt.Errorf("%s: %s stands at %s too", where, key, old.where)
				}
				e := head
				e.where = where
				into[key] = e
			}
		}
	}
	return nil
}

func parseHead(line string) (entry, error) {
	line, why, _ := strings.Cut(line, ": ")
	words := strings.Fields(line)
	e := entry{class: words[0], why: why}
	if _, ok := shippedRoles[e.class]; !ok {
		return e, fmt.Errorf("unknown class %q", e.class)
	}
	for _, w := range words[1:] {
		name, list, _ := strings.Cut(w, "=")
		switch name {
		case "edits":
			e.edits = strings.Split(list, ",")
		case "aliases":
			e.aliases = strings.Split(list, ",")
		case "holds":
			e.holds = strings.Split(list, ",")
		case "calls":
			e.calls = strings.Split(list, ",")
		case "panics":
			e.panics = true
		case "asks":
			e.asks = true
		case "changes":
			e.changes = true
		case "begins":
			e.begins = true
		case "posts":
			e.posts = true
		default:
			return e, fmt.Errorf("unknown word %q", w)
		}
	}
	return e, nil
}

// shippedRoles maps the first word of a head to a role and an effect.
var shippedRoles = map[string]struct {
	role    Role
	effects []graph.Effect
}{
	"pure":      {},
	"local":     {effects: []graph.Effect{{Class: graph.LocalTo}}},
	"observe":   {role: Observer, effects: []graph.Effect{{Class: graph.Observes}}},
	"fresh":     {role: FreshOne},
	"extract":   {role: Extract},
	"derives":   {role: Derives},
	"forks":     {role: Forks},
	"joins":     {role: Joins},
	"unordered": {role: AnyOrder},
	"opaque":    {effects: []graph.Effect{{Class: graph.Opaque}}},
	"unknown":   {effects: []graph.Effect{{Class: graph.Opaque}}},
}

// lookupShipped returns what the tables say of fn.
func lookupShipped(fn *types.Func) (Summary, bool) {
	key, ok := tableKey(fn)
	if !ok {
		return Summary{}, false
	}
	e, ok := shipped()[key]
	if !ok || e.class == "unknown" {
		return Summary{}, false
	}
	return e.summary(fn.Signature())
}

// summary resolves the names of parameters; ok is false where the signature
// is not the one that the table was written for.
func (e entry) summary(sig *types.Signature) (s Summary, ok bool) {
	r := shippedRoles[e.class]
	s = Summary{Role: r.role, Effects: r.effects, From: "shipped", Panics: e.panics, Why: e.why}
	s.Asks, s.Changes = e.outside()
	ok = true
	resolve := func(names []string) (list []int) {
		for _, n := range names {
			i := parameterIndex(sig, n)
			ok = ok && i != missing
			list = append(list, i)
		}
		return list
	}
	s.Edits, s.Aliases, s.Calls, s.Holds = resolve(e.edits), resolve(e.aliases), resolve(e.calls), resolve(e.holds)
	s.Aliases = append(s.Aliases, s.Holds...)
	return s, ok
}

const missing = -3

func parameterIndex(sig *types.Signature, name string) int {
	switch {
	case name == "recv" && sig.Recv() != nil:
		return Receiver
	case name == "shared":
		return Shared
	}
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == name {
			return i
		}
	}
	return missing
}

// tableKey names fn as the tables do.
func tableKey(fn *types.Func) (string, bool) {
	if fn.Pkg() == nil {
		return "", false
	}
	pkg := withoutVendor(fn.Pkg().Path())
	recv := fn.Signature().Recv()
	if recv == nil {
		return pkg + "." + fn.Name(), true
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok {
		return "", false
	}
	return pkg + "." + named.Obj().Name() + "." + fn.Name(), true
}

// withoutVendor is the path as the source writes it.
func withoutVendor(p string) string {
	if i := strings.LastIndex(p, "/vendor/"); i >= 0 {
		return p[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(p, "vendor/")
}
