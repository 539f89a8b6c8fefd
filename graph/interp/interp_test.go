package interp_test

// The walk, told as what a host sees of it.

import (
	"fmt"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/interp"
)

// A script is a host that follows the Text of nodes: "exit WAY LOOPS if i=N",
// "panic", "error VAR"; a branch's "pick N"; a loop's number of iterations.
type script struct{ seen []string }

func (s *script) Run(n *graph.Node, env *interp.Env) interp.Exit {
	s.seen = append(s.seen, string(n.ID)+at(n, env))
	var way, v string
	var loops, i int
	if _, err := fmt.Sscanf(n.Text, "exit %s %d if i=%d", &way, &loops, &i); err == nil && env.Get("i") == i {
		return interp.Exit{Way: map[string]graph.Exits{"return": graph.Return, "break": graph.Break, "continue": graph.Continue}[way], Loops: loops}
	}
	if _, err := fmt.Sscanf(n.Text, "error %s", &v); err == nil {
		env.Set(graph.VarID(v), "failed")
	}
	if n.Text == "panic" {
		panic("panic in " + n.ID)
	}
	if n.Kind == graph.Fail || n.Kind == graph.ResultNode {
		return interp.Exit{Way: graph.Return}
	}
	return interp.Next
}

// at tells the iterations of the loops whose variables the node reads.
func at(n *graph.Node, env *interp.Env) (where string) {
	for _, id := range n.In {
		where += fmt.Sprint(" ", id, "=", env.Get(id))
	}
	return where
}

func (s *script) Pick(n *graph.Node, env *interp.Env) (i int) {
	fmt.Sscanf(n.Text, "pick %d", &i)
	return i
}

func (s *script) Begin(n *graph.Node, env *interp.Env) any { return new(int) }

func (s *script) More(n *graph.Node, cursor any, env, prev *interp.Env) bool {
	i := cursor.(*int)
	var most int
	fmt.Sscan(n.Text, &most)
	*i++
	env.Set(n.Out[0], *i)
	if prev != nil && prev.Get(n.Out[0]) != *i-1 {
		panic("bug: the iteration before is not the one before")
	}
	return *i <= most
}

func (s *script) Defer(n *graph.Node, env *interp.Env) func() {
	s.seen = append(s.seen, "register "+string(n.ID))
	return func() {
		s.seen = append(s.seen, "deferred "+string(n.ID))
		if n.Text == "panic" {
			panic("panic in " + n.ID)
		}
	}
}

func walk(t *testing.T, body string) (seen []string, panicked any) {
	t.Helper()
	g, err := graph.Parse("flow f\nvar i data int scope=a\nvar j data int scope=a/b\nvar err error error\nbody {\n" + body + "\n}")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{}
	defer func() { seen, panicked = s.seen, recover() }()
	interp.Run(g, s, interp.NewEnv(g, "", nil))
	return
}

func TestWalk(t *testing.T) {
	const loops = "fold a () -> (i) `3` {\n each a/b () -> (j) `2` {\n glue a/b/x (i j) -> () `exit WAY if i=2`\n glue a/b/y () -> ()\n }\n glue a/z () -> ()\n}\nglue end () -> ()"
	one, two := "a/b/x i=1 j=1, a/b/y, a/b/x i=1 j=2, a/b/y, a/z, ", "a/b/x i=3 j=1, a/b/y, a/b/x i=3 j=2, a/b/y, a/z, end"
	for _, c := range []struct{ name, body, want string }{
		{"source order", "glue a () -> ()\nglue b () -> ()", "a, b"},
		{"a failure edge is passed without a failure", "fail f (err) -> () err=err\nglue b () -> ()", "b"},
		{"a failure edge is taken", "step s f.s () -> (err) err=err `error err`\nfail f (err) -> () err=err\nglue b () -> ()", "s, f err=failed"},
		{"one block of a branch", "branch a () -> () `pick 1` {\nglue a/x () -> ()\n} {\nglue a/y () -> ()\n}\nglue b () -> ()", "a/y, b"},
		{"no block of a branch", "branch a () -> () `pick -1` {\nglue a/x () -> ()\n}\nglue b () -> ()", "b"},
		{"a result ends the walk", "branch a () -> () `pick 0` {\nresult a/x () -> ()\n}\nglue b () -> ()", "a/x"},
		{"break", strings.Replace(loops, "WAY", "break 0", 1), one + "a/b/x i=2 j=1, a/z, " + two},
		{"continue", strings.Replace(loops, "WAY", "continue 0", 1), one + "a/b/x i=2 j=1, a/b/x i=2 j=2, a/z, " + two},
		{"break out of both", strings.Replace(loops, "WAY", "break 1", 1), one + "a/b/x i=2 j=1, end"},
		{"continue the outer loop", strings.Replace(loops, "WAY", "continue 1", 1), one + "a/b/x i=2 j=1, " + two},
		{"return out of both", strings.Replace(loops, "WAY", "return 0", 1), one + "a/b/x i=2 j=1"},
		{"planned nodes are transparent", "start s b..b\nstored k {\nshared l {\nglue a () -> ()\n}\n}\nglue b () -> ()", "a, b"},
		{"deferred calls run last registered first", "defer a f.a () -> ()\ndefer b f.b () -> ()\nresult c () -> ()", "register a, register b, c, deferred b, deferred a"},
		{"deferred calls run after a panic", "defer a f.a () -> ()\nglue c () -> () `panic`\nglue d () -> ()", "register a, c, deferred a; panic in c"},
		{"a panic in a deferred call replaces it", "defer a f.a () -> ()\ndefer b f.b () -> () `panic`\nglue c () -> () `panic`", "register a, register b, c, deferred b, deferred a; panic in b"},
	} {
		seen, panicked := walk(t, c.body)
		got := strings.Join(seen, ", ")
		if panicked != nil {
			got += fmt.Sprint("; ", panicked)
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestEachIterationHasItsOwnVariables(t *testing.T) {
	g, err := graph.Parse("flow f\nvar i data int scope=a\nvar x data int\nbody {\n}")
	if err != nil {
		t.Fatal(err)
	}
	flow := interp.NewEnv(g, "", nil)
	one, two := interp.NewEnv(g, "a", flow), interp.NewEnv(g, "a", flow)
	one.Set("i", 1)
	one.Set("x", 7)
	if two.Get("i") != nil || two.Get("x") != 7 || flow.Get("x") != 7 {
		t.Errorf("i %v, x %v, flow's x %v", two.Get("i"), two.Get("x"), flow.Get("x"))
	}
	defer func() {
		if r := recover(); r != "bug: the variable i is used outside of its scope" {
			t.Errorf("the loop's variable outside of it: %v", r)
		}
	}()
	flow.Get("i")
}
