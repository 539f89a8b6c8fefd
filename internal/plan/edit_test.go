package plan_test

import (
	"errors"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

func region(first, last string) plan.Region {
	return plan.Region{First: graph.NodeID(first), Last: graph.NodeID(last)}
}

func store(id string) plan.Decision {
	return plan.Decision{Verb: plan.Store, Items: []plan.Region{region(id, id)}}
}

const page = graph.FlowName("shop.Page")

// A new plan, one edit after the other.
func TestEditing(t *testing.T) {
	f := plan.New("p")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.Add(page, store("Load")))
	must(f.Add(page, plan.Decision{Verb: plan.Parallel, Items: []plan.Region{region("Load", "Load.fail"), region("Stock", "Stock")}, Ahead: 3}))
	must(f.SetMemory(3 * plan.MiB))
	must(f.SetMemory(2 * plan.GiB))
	must(f.SetMark("shop.Page store Load", plan.Off))
	must(f.Add("shop.List", store("Load")))
	must(f.Remove("shop.List store Load"))
	want := "fluxo 1\nmemory 2GiB\n\nflow shop.Page (\n\toff store Load\n\tparallel Load..Load.fail Stock ahead=3\n)\n\nflow shop.List (\n)\n"
	if got := string(f.Format()); got != want {
		t.Errorf("got\n%s", got)
	}
	if m, ok := f.Memory(); !ok || m != 2*plan.GiB {
		t.Errorf("memory %v", m)
	}
	if d := f.Decisions(page)[0]; d.InForce() || d.ID(page) != "shop.Page store Load" {
		t.Errorf("%v, ID %s", d, d.ID(page))
	}
}

func TestEditsKeepTheRest(t *testing.T) {
	const text = "fluxo 1\nflow shop.Page (\n\t// about Load\n\tstore Load // it is slow\n\tstore Stock\n)\n// the end\n"
	f, err := plan.Parse("p", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Remove("shop.Page store Stock"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetMark("shop.Page store Load", plan.Pin); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(strings.Replace(text, "\tstore Stock\n", "", 1), "\tstore Load", "\tpin store Load", 1)
	if got := string(f.Format()); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestEditsAreRefused(t *testing.T) {
	f, err := plan.Parse("p", []byte("fluxo 1\nflow shop.Page (\n\tnever parallel A\n\tnever store Load\n\toff parallel A B\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	before := string(f.Format())
	for name, err := range map[string]error{
		"forbidden":      f.Add(page, store("Load")),
		"no region":      f.Add(page, plan.Decision{Verb: plan.Store}),
		"no flow":        f.Add("shop Page", store("A")),
		"bad node":       f.Add(page, store("A B")),
		"forbidden mark": f.SetMark("shop.Page parallel A B", plan.Pin),
		"memory":         f.SetMemory(1),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := f.Remove("shop.Page store Stock"); !errors.Is(err, plan.ErrNoDecision) {
		t.Errorf("remove: %v", err)
	}
	if err := f.SetMark("shop.Page store Stock", plan.Off); !errors.Is(err, plan.ErrNoDecision) {
		t.Errorf("mark: %v", err)
	}
	if got := string(f.Format()); got != before {
		t.Errorf("changed:\n%s", got)
	}
}

func TestStaleFlows(t *testing.T) {
	f, err := plan.Parse("p", []byte("fluxo 1\nflow shop.Pgae (\n)\nflow shop.List (\n)\nflow other.Thing (\n)\nflow (*shop.Box[map[string]int]).Get (\n)\n"+
		"flow Return (\n)\nflow example.org/library.ListLoans (\n)\nflow example.org/shop.Find (\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	steps := map[string][]graph.FlowName{"example.org/shop.Find": {"shop.Page", "shop.List"}}
	for _, p := range f.Stale([]graph.FlowName{"shop.Page", "shop.List", "(*shop.Box[T]).Get", "example.org/library.Return", "example.org/library.ListBooks"}, steps) {
		got = append(got, p.String())
	}
	want := []string{
		"p:2:1: there is no flow shop.Pgae; fix: write shop.Page if that is what it is called now, or remove its lines",
		"p:6:1: there is no flow other.Thing; fix: remove its lines, or correct the name; fluxo graph lists the flows of the program",
		"p:8:1: there is no flow (*shop.Box[map[string]int]).Get; fix: write (*shop.Box[T]).Get, which is for all instances of the generic flow",
		"p:10:1: there is no flow Return; fix: write its full name, example.org/library.Return",
		"p:12:1: there is no flow example.org/library.ListLoans; fix: remove its lines, or correct the name; fluxo graph lists the flows of the program",
		"p:14:1: example.org/shop.Find is a step, not a flow; fix: write the flow that calls it (shop.Page, shop.List)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
