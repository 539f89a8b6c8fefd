package graphtest

// A world in which any sane graph runs: every value is a hash of what it
// depends on, so that two runs agree only if the same work was done on the same
// values in an order that makes no difference.

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/interp"
)

// A Value is the content of a variable.
type Value uint64

// A World is an interp.Host. The seed decides which steps fail and panic,
// which blocks are picked and how often loops run.
type World struct {
	Seed    uint64
	History []string // what happened to the outside, in order

	versions map[string]int // of named data, by key
	outside  int            // version of all else
	fresh    int            // how many fresh values were made

}

// An Outcome is all that can be seen of a run.
type Outcome struct {
	Results []any
	Panic   any
	History []string
}

// Run runs g in a new world.
func Run(g *graph.Graph, seed uint64) Outcome {
	w := &World{Seed: seed}
	env := interp.NewEnv(g, "", nil)
	var out Outcome
	for _, v := range g.Vars {
		if v.Role == graph.Param {
			env.Set(v.ID, w.hash("param", v.ID))
		}
		if v.Role == graph.Param && v.Of != "" {
			env.Set(v.ID, Part(env.Get(v.Of), v.ID))
		}
	}
	func() {
		defer func() { out.Panic = recover() }()
		interp.Run(g, w, env)
	}()
	for _, v := range g.Vars {
		if v.Role == graph.Result && out.Panic == nil {
			out.Results = append(out.Results, env.Get(v.ID))
		}
	}
	out.History = w.History
	return out
}

func (w *World) hash(parts ...any) Value {
	h := fnv.New64a()
	fmt.Fprint(h, w.Seed, "|")
	for _, p := range parts {
		fmt.Fprintf(h, "%v|", p)
	}
	return Value(h.Sum64() >> 3)
}

// of hashes a node with all that it reads.
func (w *World) of(n *graph.Node, env *interp.Env) Value {
	parts := []any{n.ID}
	for _, id := range n.In {
		if id != n.Err || n.Kind == graph.Fail {
			parts = append(parts, env.Get(id))
		}
	}
	for _, e := range n.Effects {
		parts = append(parts, w.state(e))
	}
	return w.hash(parts...)
}

// state is what an effect's result depends on beside the arguments.
func (w *World) state(e graph.Effect) (state string) {
	switch e.Class {
	case graph.Reads, graph.Writes:
		for _, k := range e.Data {
			for name, version := range w.versions {
				if key := keyText(k); strings.HasPrefix(name, key) || strings.HasPrefix(key, name) {
					state += name + strconv.Itoa(version) + " "
				}
			}
		}
		words := strings.Fields(state) // the map has no order
		slices.Sort(words)
		return strings.Join(append(words, strconv.Itoa(w.outside)), " ")
	case graph.Volatile, graph.Acts, graph.Opaque:
		if e.Unordered {
			return ""
		}
		return fmt.Sprint(w.versions, w.outside)
	}
	return ""
}

// keyText is the part of a key that is known without running the flow, with a
// mark at the end of each part.
func keyText(k graph.DataKey) string {
	text := k.Name + ":"
	for _, part := range k.Parts {
		if !strings.HasPrefix(part, "=") {
			break
		}
		text += part + ":"
	}
	return text
}

// act makes an effect happen.
func (w *World) act(n *graph.Node, e graph.Effect, h Value) {
	if w.versions == nil {
		w.versions = map[string]int{}
	}
	switch e.Class {
	case graph.Writes:
		for _, k := range e.Data {
			w.versions[keyText(k)]++
		}
	case graph.Acts, graph.Opaque:
		w.outside++
	case graph.Observes:
	default:
		return
	}
	w.History = append(w.History, fmt.Sprintf("%s %s(%x)", e.Class, n.ID, h))
}

// Run does a node's work.
func (w *World) Run(n *graph.Node, env *interp.Env) interp.Exit {
	h := w.of(n, env)
	for _, e := range n.Effects {
		w.act(n, e, h)
	}
	if n.Panics && w.hash(h, "panics")%16 == 0 {
		panic(fmt.Sprintf("%s panics", n.ID))
	}
	if n.Kind == graph.Fresh {
		w.fresh++
		h = w.hash(w.fresh)
	}
	exit := w.exit(n, h)
	for _, id := range n.Edit {
		env.Set(id, w.hash(h, id, "edited"))
	}
	w.set(n, env, h, exit)
	return exit
}

// set sets a node's variables. What it also reads may pass through; results are
// set by nodes that exit if they do.
func (w *World) set(n *graph.Node, env *interp.Env, h Value, exit interp.Exit) {
	failed := n.Kind != graph.Fail && n.Err != "" && w.hash(h, "fails")%4 == 0
	set := map[graph.VarID]bool{}
	for _, id := range n.Out {
		whole, isPart := WholeOf(n, id)
		switch {
		case isPart && set[whole]:
			env.Set(id, Part(env.Get(whole), id))
		case isPart:
		case id == n.Err:
			if env.Set(id, nil); failed {
				env.Set(id, w.hash(h, "error"))
			}
		case slices.Contains(n.In, id) && w.hash(h, id)%2 == 0:
		case n.Kind == graph.Glue && exit != interp.Next && w.hash(h, id)%2 == 0: // it left before
		case exit == interp.Next && n.Exits != 0 && (id == "out.0" || id == "out.1"):
		default:
			env.Set(id, w.hash(h, id))
			set[id] = true
		}
	}
}

// exit decides whether and how a node leaves its block.
func (w *World) exit(n *graph.Node, h Value) interp.Exit {
	if n.Exits == 0 || n.Kind == graph.Glue && w.hash(h, "stays")%2 == 0 {
		return interp.Next
	}
	for i, way := range []graph.Exits{graph.Return, graph.Break, graph.Continue} {
		if n.Exits&way != 0 && (n.Exits < way<<1 || w.hash(h, i)%2 == 0) {
			e := interp.Exit{Way: way}
			if way != graph.Return {
				e.Loops = n.Loops
			}
			return e
		}
	}
	return interp.Next
}

// Pick picks a block, or none if the branch allows it.
func (w *World) Pick(n *graph.Node, env *interp.Env) int {
	h := w.of(n, env)
	for _, id := range n.Out {
		env.Set(id, w.hash(h, id))
		if whole, ok := WholeOf(n, id); ok {
			env.Set(id, Part(env.Get(whole), id))
		}
	}
	if n.Total {
		return int(h % Value(len(n.Blocks)))
	}
	return int(h%Value(len(n.Blocks)+1)) - 1
}

// A cursor is where a loop stands.
type cursor struct {
	h    Value
	i, n int
}

// Begin decides how often a loop runs: up to three times.
func (w *World) Begin(n *graph.Node, env *interp.Env) any {
	h := w.of(n, env)
	return &cursor{h: h, n: int(h % 4)}
}

// More sets the loop's variables for the next iteration.
func (w *World) More(n *graph.Node, c any, env, prev *interp.Env) bool {
	at := c.(*cursor)
	if at.i == at.n {
		return false
	}
	at.i++
	for _, id := range n.Out {
		env.Set(id, w.hash(at.h, at.i, id))
		if whole, ok := WholeOf(n, id); ok {
			env.Set(id, Part(env.Get(whole), id))
		}
	}
	return true
}

// Defer notes the arguments now and the call when it is made, with what the
// variables are then.
func (w *World) Defer(n *graph.Node, env *interp.Env) func() {
	h := w.of(n, env)
	return func() {
		w.History = append(w.History, fmt.Sprintf("deferred %s(%x, %x)", n.ID, h, w.of(n, env)))
	}
}
