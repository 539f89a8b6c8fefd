// Package gen writes random Go programs for the lockstep tests: packages of
// flows in the shapes that people write, with the steps that they call. The
// same source is built plainly and by fluxo; what the two do is compared.
//
// A program is determined by its seed. Every generated program compiles, ends,
// and lies within the subset.
package gen

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Package is one generated Go package.
type Package struct {
	Name  string
	Flows []Flow
	Files map[string]string // by base name
}

// A Flow is one generated flow of a package.
type Flow struct {
	Name string // the Go name: "F3", or "Svc.F3" for a method of *Svc
	Seed uint64 // generates this flow again

	Shapes []string // which of those that are counted it has
}

// New writes a package of n flows. Flow i of seed s is the same whatever n is,
// but for the flows that it may call.
func New(name string, seed uint64, n int) *Package {
	p := &Package{Name: name, Files: map[string]string{"steps.go": stepsFile(name)}}
	var b strings.Builder
	fmt.Fprintf(&b, header, name)
	var table strings.Builder
	var callable [][]string
	for i := range n {
		fseed := seed + uint64(i)
		g := &flowGen{rnd: rand.New(rand.NewPCG(fseed, 0x666c75786f)), name: fmt.Sprintf("F%d", i), callable: callable}
		text := g.flow()
		b.WriteString(text)
		name, calls := g.name, []string{g.name}
		switch {
		case g.method:
			name, calls = "Svc."+g.name, []string{"svc." + g.name}
		case g.generic:
			calls = []string{g.name + "[int]", g.name + "[mine]", g.name + "[string]"}
		}
		entry := strings.Join(calls, ", ")
		if len(calls) > 1 {
			entry = "instances(" + entry + ")"
		}
		fmt.Fprintf(&table, "\t%q: %s,\n", g.name, entry)
		if len(g.ids) == 0 { // whose order is seen in the answer of the request alone
			callable = append(callable, calls)
		}
		p.Flows = append(p.Flows, Flow{Name: name, Seed: fseed, Shapes: slices.Sorted(maps.Keys(g.shapes))})
	}
	for i := range QuietFlows {
		fmt.Fprintf(&table, "\t\"Q%d\": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q%[1]d(ctx, k) },\n", i)
	}
	fmt.Fprintf(&b, tableText, table.String())
	p.Files["flows.go"] = b.String()
	return p
}

const header = `// Package %s is a generated program of the lockstep tests.
package %[1]s

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"golang.org/x/sync/errgroup"
)

var (
	_ = errgroup.WithContext
	_ = fluxo.NewID
	_ = errors.Is
	_ = fmt.Sprint
	_ = math.NaN
	_ = slices.Max[[]int]
	_ = sort.Ints
	_ = strings.ToUpper
)

// Svc has fields that no flow changes.
type Svc struct {
	base int
	repo Repo
}

var svc = &Svc{base: 3, repo: store{}}

`

// Every flow has one signature, so that one harness can run them all; what a
// flow does with its parameters and results is its own.
const tableText = `// Table lists the flows of the package for the harness, and writes of the data
// that they read.
var Table = map[string]world.Flow{
%s	"A0": func(ctx context.Context, w *world.Writer, k int, _ string, _ []int) (Rec, error) { return A0(ctx, w, k) },
	"A1": func(ctx context.Context, w *world.Writer, k int, _ string, _ []int) (Rec, error) { return A1(ctx, w, k) },
	"G0": instances(boxed(G0[int]), boxed(G0[mine]), boxed(G0[string])),
	"G1": instances(boxed(ints.G1), boxed(mines.G1), boxed(texts.G1)),
	"WP": func(ctx context.Context, _ *world.Writer, k int, s string, _ []int) (Rec, error) { return Rec{}, WP(ctx, k, s) },
	"WAll": func(ctx context.Context, _ *world.Writer, _ int, s string, _ []int) (Rec, error) { return Rec{}, WAll(ctx, s) },
}
`

// flowGen writes one flow.
type flowGen struct {
	rnd      *rand.Rand
	name     string
	method   bool
	generic  bool
	callable [][]string // flows written before this one, each with its instances

	b      strings.Builder
	indent int
	fresh  int // number of the next variable
	budget int // steps that may still be written

	scopes []scope
	loops  int     // depth of loops around
	calm   bool    // mostly one step after the other, whatever they come to
	idioms float64 // share of statements that are idioms
	ids    []string
	named  bool // the results have names
	shapes map[string]bool
}

// A scope lists the variables that may be read, by type.
type scope struct {
	ints, strs, recs, lists []string
	fixed                   map[string]bool // not to be assigned: loop variables, the receiver's field
	unused                  []string        // what the block declared, and must use before it ends
}

func (g *flowGen) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

func (g *flowGen) chance(p float64) bool { return g.rnd.Float64() < p }

func pick[T any](g *flowGen, from []T) T { return from[g.rnd.IntN(len(from))] }

func (g *flowGen) name_(prefix string) string {
	g.fresh++
	return fmt.Sprintf("%s%d", prefix, g.fresh)
}

func (g *flowGen) push() {
	top := g.scopes[len(g.scopes)-1]
	c := scope{fixed: top.fixed}
	c.ints = append(c.ints, top.ints...)
	c.strs = append(c.strs, top.strs...)
	c.recs = append(c.recs, top.recs...)
	c.lists = append(c.lists, top.lists...)
	g.scopes = append(g.scopes, c)
}

// use uses what the block declared; nothing may be declared afterwards.
func (g *flowGen) use() {
	t := g.top()
	if n := len(t.unused); n > 0 {
		g.line("%s_ = %s", strings.Repeat("_, ", n-1), strings.Join(t.unused, ", "))
	}
	t.unused = nil
}

func (g *flowGen) pop()        { g.scopes = g.scopes[:len(g.scopes)-1] }
func (g *flowGen) top() *scope { return &g.scopes[len(g.scopes)-1] }

// flow writes the whole function.
func (g *flowGen) flow() string {
	g.method = g.chance(0.1)
	g.calm, g.idioms = g.chance(0.4), []float64{0.1, 0.3, 0.6}[g.rnd.IntN(3)]
	g.budget = 2 + g.rnd.IntN(6)
	g.scopes = []scope{{ints: []string{"k"}, strs: []string{"s"}, lists: []string{"ks"}, fixed: map[string]bool{}}}
	recv, params := "", ""
	if g.generic = !g.method && g.chance(0.15); g.generic {
		params = "[T label]"
		g.shape(genericFlow)
	}
	if g.method {
		g.shape(methodFlow)
		recv = "(v *Svc) "
		g.top().ints = append(g.top().ints, "v.base")
		g.top().fixed["v.base"] = true
	}
	g.line("//fluxo:flow")
	if g.named = g.chance(0.25); g.named {
		g.line("func %s%s%s(ctx context.Context, w *world.Writer, k int, s string, ks []int) (out Rec, err error) {", recv, g.name, params)
		g.indent++
		g.top().recs = append(g.top().recs, "out")
	} else {
		g.line("func %s%s%s(ctx context.Context, w *world.Writer, k int, s string, ks []int) (Rec, error) {", recv, g.name, params)
		g.indent++
	}
	if g.chance(0.1) {
		g.line("defer Finish(w)")
	}
	if g.named {
		for range g.rnd.IntN(3) {
			g.shape("deferred result")
			g.deferResult()
		}
	}
	g.statements(3 + g.rnd.IntN(5))
	if g.generic {
		g.instances()
	}
	g.finish()
	g.indent--
	g.line("}")
	g.line("")
	return g.b.String()
}

// finish writes the last return.
func (g *flowGen) finish() {
	g.use()
	if g.named && g.chance(0.3) {
		g.line("out = %s", g.rec())
		g.line("return")
		return
	}
	if len(g.ids) == 0 {
		g.line("return %s, nil", g.rec())
		return
	}
	g.line("done := %s", g.rec())
	for _, id := range g.ids {
		g.line("done.S += %s", id)
	}
	g.line("return done, nil")
}
