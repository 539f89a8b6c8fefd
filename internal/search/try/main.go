package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/parallel"
)

func main() {
	f, _ := os.Open(os.Args[1])
	t, err := profile.Read(f)
	fmt.Println(err, len(t.Runs), len(t.Flows))
	if len(t.Runs) == 0 {
		return
	}
	fmt.Println(t.Runs[len(t.Runs)-1].At)
	st, err := t.Summarize()
	fmt.Println(err)
	for name, nodes := range st {
		for id, s := range nodes {
			fmt.Printf("%s %s n=%d distinct=%d mean=%v fail=%d\n", name, id, s.Count, s.Distinct, s.Mean(), s.Failures)
		}
	}
	began := time.Now()
	out, err := sim.Run(t, sim.Options{})
	fmt.Println("sim", time.Since(began), err)
	show(out)
	text, _ := os.ReadFile(os.Args[2])
	pf, err := plan.Parse("x", text)
	fmt.Println(err)
	gs := map[graph.FlowName]*graph.Graph{}
	for _, fl := range t.Flows {
		g, _ := graph.Parse(fl.Graph)
		if ds := pf.Decisions(fl.Name); ds != nil {
			gs[fl.Name], _ = plan.Apply(g, ds)
		}
	}
	out, err = sim.Run(t, sim.Options{Plans: gs})
	fmt.Println("hand plan", err)
	show(out)
	began = time.Now()
	r, err := search.Find(context.Background(), search.Problem{Trace: t, Base: plan.New("p"), Patterns: pattern.All(), Goal: search.Mean, Progress: func(s string) { fmt.Println(s) }})
	fmt.Println("search", time.Since(began), err)
	if err != nil {
		return
	}
	fmt.Println(r.Tried, len(r.Refused))
	show(r.After)
	fmt.Printf("%s\n", r.Plan.Format())
}

func show(o *sim.Outcome) {
	var d []time.Duration
	sum := time.Duration(0)
	for _, r := range o.Requests {
		d = append(d, r.Took)
		sum += r.Took
	}
	slices.Sort(d)
	fmt.Println("mean", sum/time.Duration(len(d)), "p50", d[len(d)/2], "p95", d[len(d)*95/100], "p99", d[len(d)*99/100], o.Calls)
}
