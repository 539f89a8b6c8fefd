package engine_test

// Handlers: failure edges that write to the response, inside what is kept and shared.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// page is what a handler does: failures are answered on w. %s is the planned node
// around, the words of A, and what stands between.
const page = `%s kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1h%s}
fail A.fail (err w) -> () edit=(w) err=err exit=return {local}
%s
step B s.B (ctx a) -> (b err) err=err {volatile 1h}
fail B.fail (err w a) -> () edit=(w) err=err exit=return {local}
}
result return (a b) -> (out.0 out.1) exit=return`

// failing returns steps of which the calls numbered fail with err.
func failing(name string, err error, calls ...int) stepFunc {
	return func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		now := k.calls["s."+name]
		if e := k.nap(ctx, time.Second); e != nil {
			return "", e
		}
		for _, n := range calls {
			if n == now {
				return "", err
			}
		}
		return name + arg, nil
	}
}

func TestAnswersToFailuresAreNotKept(t *testing.T) {
	for name, c := range map[string]struct {
		words, between string
		a, b           stepFunc
		want           []string // of one call after the other
		calls          int      // of A
	}{
		"all is well":                {"", "", failing("A", nil), failing("B", nil), []string{"Ax BAx", "Ax BAx"}, 1},
		"the first fails":            {"", "", failing("A", errDown, 1), failing("B", nil), []string{"|A.fail: down", "Ax BAx", "Ax BAx"}, 2},
		"the second fails":           {"", "", failing("A", nil), failing("B", errDown, 1), []string{"|Ax B.fail: down", "Ax BAx", "Ax BAx"}, 2},
		"it fails in a way to keep":  {" errors=NotFound", "", failing("A", errAbsent, 1, 2), failing("B", nil), []string{"|A.fail: absent", "|A.fail: absent", "Ax BAx"}, 3},
		"in a nested one that keeps": {"", "stored inner {\nstep C s.A (ctx arg) -> (c err) err=err {volatile 1h}\nfail C.fail (err w c) -> () edit=(w) err=err exit=return {local}\n}", failing("A", errDown, 2), failing("B", nil), []string{"| C.fail: down", "Ax BAx", "Ax BAx"}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			seeds(t, map[string]stepFunc{"A": c.a, "B": c.b}, func(k *kit) {
				p := k.plan("Flow", fmt.Sprintf(page, "stored", c.words, c.between))
				for i, want := range c.want {
					if out, err := k.run(p, background, "x"); out != want || err != nil {
						t.Errorf("call %d: %q, %v, want %q", i, out, err, want)
					}
				}
				if k.calls["s.A"] != c.calls {
					t.Errorf("calls %v", k.calls)
				}
			})
		})
	}
}

// What an edge looks at beside the error is in no key: an error that it lets pass is
// not kept either.
func TestAnErrorThatAnEdgeLetsPassIsNotKept(t *testing.T) {
	const body = "stored kept {\n" +
		"step A s.A (ctx arg) -> (a err) err=err {volatile 1h errors=NotFound}\n" +
		"fail A.fail (err w) -> () edit=(w) err=err exit=return {local} `if down`\n" +
		"}\nresult return (a) -> (out.0 out.1) exit=return"
	seeds(t, map[string]stepFunc{"A": failing("A", errAbsent, 1)}, func(k *kit) {
		p := k.plan("Flow", body)
		for i, want := range []string{"", "Ax", "Ax"} {
			if out, _ := k.run(p, background, "x"); out != want {
				t.Errorf("call %d: %q, want %q", i, out, want)
			}
		}
		if k.calls["s.A"] != 2 {
			t.Errorf("calls %v", k.calls)
		}
	})
}

// Every caller of a flight writes to its own response; the steps ran once, unless the
// flight ended where no caller can go on.
func TestEachCallerOfAFlightAnswersItsFailure(t *testing.T) {
	const (
		failC   = "step C s.C (ctx arg) -> (c err) err=err {volatile 1h}\nfail C.fail (err w) -> () edit=(w) err=err exit=return {local}\n"
		another = "fail A.other (err w arg) -> () edit=(w) err=err exit=return {local}"
	)
	ok := map[string]stepFunc{"A": failing("A", nil), "B": failing("B", nil), "C": failing("C", errDown, 1, 2, 3, 4)}
	for name, c := range map[string]struct {
		between string
		steps   map[string]stepFunc // other than ok
		want    string
		calls   int // of A
	}{
		"all is well":      {"", nil, "Ax BAx", 1},
		"the first fails":  {"", map[string]stepFunc{"A": failing("A", errDown, 1)}, "|A.fail: down", 1},
		"the second fails": {"", map[string]stepFunc{"B": failing("B", errDown, 1)}, "|Ax B.fail: down", 1},
		"two edges":        {another, map[string]stepFunc{"A": failing("A", errDown, 1)}, "|x A.other: down", 1},
		"no edge takes it": {"glue glue.b () -> (b)", map[string]stepFunc{"A": failing("A", errDown, 1, 2, 3, 4)}, " B", 4},
		"in a flight":      {"shared inner {\n" + failC + "}", nil, "|C.fail: down", 1},
		"in a fill":        {"stored inner {\n" + failC + "}", nil, "|C.fail: down", 1},
		"in a fork":        {"start start.C C..C.fail\n" + failC, nil, "|C.fail: down", 0},
		"in a loop":        {"each each.x (arg) -> (x) {\n" + strings.ReplaceAll(failC, " C", " each.x/C") + "}", nil, "|each.x/C.fail: down", 4},
	} {
		t.Run(name, func(t *testing.T) {
			steps := maps.Clone(ok)
			maps.Copy(steps, c.steps)
			seeds(t, steps, func(k *kit) {
				body := fmt.Sprintf(page, "shared", "", c.between)
				if name == "two edges" || name == "no edge takes it" {
					body = strings.Replace(body, "return {local}\n", "return {local} `if absent`\n", 1)
				}
				p := k.plan("Flow", body)
				for _, got := range k.crowd(p, 3) {
					if got.out != c.want || got.err != nil {
						t.Errorf("%+v", got)
					}
				}
				if c.calls > 0 && k.calls["s.A"] != c.calls {
					t.Errorf("calls %v", k.calls)
				}
			})
		})
	}
}

// An audit has nobody's response.
func TestAuditsAnswerNobody(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if kitOf(ctx).calls["s.A"] > 1 {
			return "", errAbsent
		}
		return "A", nil
	}}
	const body = "stored kept {\n" +
		"step A s.A (ctx arg) -> (a err) err=err {reads posts:{arg} within=1h errors=NotFound}\n" +
		"fail A.fail (err w) -> () edit=(w) err=err exit=return {local}\n" +
		"}\nresult return (a) -> (out.0 out.1) exit=return"
	seeds(t, steps, func(k *kit) {
		k.sampled(body)
		k.nap(background, 1)
		if k.calls["s.A"] < 2 || k.calls["A.fail"] > 0 || k.log.Len() > 0 {
			t.Errorf("calls %v, log %s", k.calls, k.log.String())
		}
	})
}

// A caller that runs the block itself begins with what it had before the flight.
func TestAnEdgeNotTakenLeavesTheCallerAsItWas(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		return arg + "!", kitOf(ctx).fails(ctx)
	}}
	const body = "shared common {\n" +
		"step A s.A (ctx arg) -> (arg err) err=err {volatile 1h}\n" +
		"fail A.fail (err w) -> () edit=(w) err=err exit=return {local} `if down`\n" +
		"}\nresult return (arg) -> (out.0 out.1) exit=return"
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", body)
		for _, got := range k.crowd(p, 3) {
			if got.out != "x!" {
				t.Errorf("%+v", got)
			}
		}
	})
}

// failCode is a failure edge: one that reads w answers there, with what else it reads.
func (k *kit) failCode(g *graph.Graph, n *graph.Node) engine.Code {
	return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
		err, _ := owner(g, f, n.Err).get(n.Err).(error)
		if err == nil || n.Text == "if absent" && !errors.Is(err, errAbsent) || n.Text == "if down" && !errors.Is(err, errDown) {
			return engine.Next
		}
		if !slices.Contains(n.In, "w") {
			owner(g, f, "out.1").set("out.1", err)
			return engine.Return
		}
		k.calls[string(n.ID)]++
		w := owner(g, f, "w").get("w").(*strings.Builder)
		for _, id := range n.In {
			if s, ok := owner(g, f, id).get(id).(string); ok {
				w.WriteString(s + " ")
			}
		}
		fmt.Fprint(w, n.ID, ": ", err)
		return engine.Return
	}}
}
