package graph_test

// Each rule of Check, broken in a graph that is sane but for that.

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
)

// sane has one of everything that the rules speak of.
const sane = `flow f
param x data int
var y data int
var p data int
var p.A data int of=p
var err error error
var i data int scope=each
result out.0 error error
body {
	start start.1 S..S.fail
	glue G (x) -> (y) edit=(x)
	step S f.S (x) -> (y err) err=err {reads posts within=1m}
	fail S.fail (err) -> (out.0) err=err exit=return
	each each (x) -> (i) {
		start start.2 each/g..each/g ahead=2
		glue each/g (i) -> () exit=break
	}
	stored stored.1 {
		branch if (x) -> () total fork=wg function=1 limit=2 {
			glue if/g (y) -> (y)
		} {
			step if/A f.A () -> () {effect idempotent}
			glue if/p (p) -> (p p.A)
			hedged hedged.1 after=120ms budget=5 {
				step if/B f.B () -> () {volatile 1m}
			}
		}
	}
	result return () -> (out.0) exit=return
}
`

func TestAStartMayStandInARange(t *testing.T) {
	mustParse(t, strings.Replace(sane, "\tfail S.fail", "\tstart start.3 S.fail..S.fail\n\tfail S.fail", 1))
}

// A write, too, may be declared one that changes nothing the second time.
func TestIdempotentGoesWithWhatActs(t *testing.T) {
	for _, effect := range []string{"{effect idempotent}", "{writes posts idempotent}"} {
		if err := graph.Check(mustParse(t, strings.Replace(sane, "{effect idempotent}", effect, 1))); err != nil {
			t.Errorf("%s: %v", effect, err)
		}
	}
}

func TestTheSaneGraphIsSane(t *testing.T) {
	if err := graph.Check(mustParse(t, sane)); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFindsWhatIsBroken(t *testing.T) {
	for _, c := range []struct{ rule, old, new string }{
		{"var-unique", "var y data int\n", "var y data int\nvar y data int\n"},
		{"var-order", "param x data int\nvar y data int\n", "var y data int\nparam x data int\n"},
		{"var-name", "var y data int\n", "var y data int\nvar `` data int\n"},
		{"var-scope", "result out.0 error error", "result out.0 error error scope=each"},
		{"var-scope", "var y data int\n", "var y data int\nvar z data int scope=if\n"},
		{"var-scope", "var y data int\n", "var y data int\nvar z data int scope=nowhere\n"},
		{"var-scope", "glue G (x)", "glue G (x i)"},
		{"part-of", "of=p", "of=z"},
		{"part-of", "of=p", "of=p\nvar p.A.B data int of=p.A"},
		{"part-of", "of=p", "of=x"},
		{"part-of", "of=p", "of=i"},
		{"part-set", "(p p.A)", "(p)"},
		{"part-set", "(p p.A)", "(p.A)"},
		{"part-edit", "(p) -> (p p.A)", "(p p.A) -> () edit=(p.A)"},
		{"var-known", "glue G (x) -> (y)", "glue G (x) -> (z)"},
		{"var-once", "glue G (x)", "glue G (x x)"},
		{"edit-in", "glue G (x) -> (y) edit=(x)", "glue G () -> (y) edit=(x)"},
		{"err", "step S f.S (x) -> (y err) err=err", "step S f.S (x) -> (y) err=err"},
		{"err", "fail S.fail (err) -> (out.0) err=err", "fail S.fail () -> (out.0) err=err"},
		{"err", "fail S.fail (err) -> (out.0) err=err", "fail S.fail (err) -> (out.0)"},
		{"err", "glue G (x) -> (y)", "glue G (x err) -> (y) err=err"},
		{"err", "step S f.S (x) -> (y err) err=err", "step S f.S (x) -> (y err) err=y"},
		{"id-unique", "glue G ", "glue S "},
		{"id-path", "glue each/g (i) -> () exit=break", "glue if/h (i) -> () exit=break\n\t\tglue each/g () -> ()"},
		{"id-path", "glue G ", "glue a/G "},
		{"id-path", "glue G ", "glue `` "},
		{"id-path", "each each (x) -> (i) {", "stored `` {\n\t}\n\teach each (x) -> (i) {"},
		{"blocks", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x) {\n\t}"},
		{"blocks", "\tstored stored.1 {", "\tstored stored.2 {\n\t} {\n\t}\n\tstored stored.1 {"},
		{"blocks", "\tstored stored.1 {", "\tbranch if.2 () -> ()\n\tstored stored.1 {"},
		{"total", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x) total"},
		{"limit", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x) limit=2"},
		{"limit", "step S f.S (x) -> (y err) err=err", "step S f.S (x) -> (y err) err=err limit=-1"},
		{"exit", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x) exit=break"},
		{"exit", "glue each/g (i) -> () exit=break", "glue each/g (i) -> () exit=break loops=1"},
		{"exit", "glue each/g (i) -> () exit=break", "glue each/g (i) -> () exit=return loops=1"},
		{"exit", "result return () -> (out.0) exit=return", "result return () -> (out.0)"},
		{"exit", "branch if (x) -> () total", "branch if (x) -> () exit=return total"},
		{"exit", "err=err exit=return", "err=err"},
		{"result", "\tresult return () -> (out.0) exit=return\n", ""},
		{"result", "\tresult return () -> (out.0) exit=return\n", "\tbranch if.2 () -> () {\n\t\tresult if.2/return () -> () exit=return\n\t} {\n\t}\n"},
		{"start", "S..S.fail", "S..if"},
		{"start", "S..S.fail", "S.fail..S"},
		{"start", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x)\n\tstart start.3 G..G"},
		{"start", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x)\n\tstart start.3 S.fail..each"},
		{"start", "start start.1 S..S.fail", "start start.1 G..S\n\tstart start.3 S..S.fail"},
		{"start", "\tfail S.fail", "\tstart start.3 S.fail..each\n\tfail S.fail"},
		{"ahead", "start start.1 S..S.fail", "start start.1 S..S.fail ahead=2"},
		{"ahead", "ahead=2", "ahead=-2"},
		{"start", "glue G (x) -> (y) edit=(x)", "glue G (x) -> (y) edit=(x) ahead=2"},
		{"planned", "start start.1 S..S.fail", "start start.1 S..S.fail {opaque}"},
		{"answer", "stored stored.1 {", "stored stored.1 answer {"},
		{"answer", "branch if (x) -> () total", "branch if (x) -> () answer total"},
		{"refresh", "stored stored.1 {", "stored stored.1 refresh=100 {"},
		{"refresh", "stored stored.1 {", "stored stored.1 refresh=-1 {"},
		{"refresh", "branch if (x) -> () total", "branch if (x) -> () refresh=80 total"},
		{"hedge", "after=120ms", ""},
		{"hedge", "after=120ms", "after=-1s"},
		{"hedge", "budget=5", ""},
		{"hedge", "budget=5", "budget=101"},
		{"hedge", "stored stored.1 {", "stored stored.1 after=120ms {"},
		{"hedge", "branch if (x) -> () total", "branch if (x) -> () budget=5 total"},
		{"blocks", "\t\thedged hedged.1 ", "\t\thedged hedged.2 after=1s budget=1\n\t\thedged hedged.1 "},
		{"planned", "budget=5", "budget=5 {opaque}"},
		{"fork", "function=1 limit=2", "function=-1"},
		{"fork", "function=1 limit=2", "function=1 limit=-2"},
		{"fork", "fork=wg", "fork=``"},
		{"fork", "function=1 limit=2", "function=1 over=each"},
		{"fork", "function=1 limit=2", "function=1 rounds"},
		{"fork", "glue if/g (y) -> (y)", "glue if/g (y) -> (y) fork=wg function=2"},
		{"fork", "glue each/g (i) -> () exit=break", "glue each/g (i) -> () exit=break fork=wg function=1"},
		{"fork", "start start.1 S..S.fail", "start start.1 S..S.fail fork=wg function=2"},
		{"effect", "{reads posts within=1m}", "{reads}"},
		{"effect", "{reads posts within=1m}", "{opaque posts}"},
		{"effect", "{reads posts within=1m}", "{volatile 1m within=1m}"},
		{"effect", "{reads posts within=1m}", "{reads posts onerror=1m}"},
		{"effect", "{reads posts within=1m}", "{reads posts for=1m}"},
		{"effect", "{reads posts within=1m}", "{reads posts within=-1m}"},
		{"effect", "{effect idempotent}", "{pure idempotent}"},
		{"effect", "{effect idempotent}", "{pure deferrable}"},
		{"effect", "{effect idempotent}", "{pure unordered}"},
		{"effect", "{effect idempotent}", "{reads posts idempotent}"},
		{"effect", "{effect idempotent}", "{writes posts deferrable}"},
		{"effect", "{effect idempotent}", "{writes posts unordered}"},
	} {
		g, err := graph.Parse(strings.Replace(sane, c.old, c.new, 1))
		if err != nil {
			t.Errorf("%s → %s: %v", c.old, c.new, err)
			continue
		}
		wantRule(t, graph.Check(g), c.rule, c.new)
	}
}

func TestCheckFindsWhatTheTextCannotSay(t *testing.T) {
	for _, c := range []struct {
		rule  string
		spoil func(g *graph.Graph)
	}{
		{"body", func(g *graph.Graph) { g.Body = nil }},
		{"blocks", func(g *graph.Graph) { g.Body.Nodes[4].Blocks[0] = nil }},
		{"blocks", func(g *graph.Graph) { g.Body.Nodes[1] = nil }},
		{"kind", func(g *graph.Graph) { g.Body.Nodes[1].Kind = 99 }},
		{"var-kind", func(g *graph.Graph) { g.Vars[0].Kind = 99 }},
		{"exit", func(g *graph.Graph) { g.Body.Nodes[1].Exits = 64 }},
		{"effect", func(g *graph.Graph) { g.Body.Nodes[1].Effects = []graph.Effect{{Class: 99}} }},
		{"start", func(g *graph.Graph) { g.Body.Nodes[1].First = "S" }},
		{"callee", func(g *graph.Graph) { g.Body.Nodes[1].Callee = "f.G" }},
		{"planned", func(g *graph.Graph) { g.Body.Nodes[0].In = []graph.VarID{"x"} }},
	} {
		g := mustParse(t, sane)
		c.spoil(g)
		wantRule(t, graph.Check(g), c.rule, c.rule)
	}
}

// wantRule checks that err cites the rule, and no other.
func wantRule(t *testing.T, err error, rule, what string) {
	t.Helper()
	if err == nil {
		t.Errorf("%q is sane; want [%s]", what, rule)
		return
	}
	var cited []string
	for _, m := range regexp.MustCompile(`\[([a-z-]+)\]\n`).FindAllStringSubmatch(err.Error()+"\n", -1) {
		cited = append(cited, m[1])
	}
	if cited = slices.Compact(cited); len(cited) != 1 || cited[0] != rule {
		t.Errorf("%q breaks %v, want %s:\n%v", what, cited, rule, err)
	}
}
