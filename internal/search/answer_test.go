package search

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/answer"
)

// Where few towns are asked for all the time, the answers themselves are worth keeping.
func TestAnswersAreProposed(t *testing.T) {
	r := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1), Patterns: named("answer"), Replays: 20})
	text := string(r.Plan.Format())
	if !strings.Contains(text, "\tanswer\n") || Value(r.Goal, r.After) > .9*Value(r.Goal, r.Before) {
		t.Errorf("%s as written, %s under\n%s", Text(r.Goal, Value(r.Goal, r.Before)), Text(r.Goal, Value(r.Goal, r.After)), text)
	}
	if len(r.Steps) != 1 || len(r.Steps[0].Holds) != 10 {
		t.Errorf("the evidence is %+v", r.Steps)
	}
}

func named(name string) (only []pattern.Pattern) {
	for _, p := range pattern.All() {
		if p.Name() == name {
			only = append(only, p)
		}
	}
	return only
}

// Where every step is kept already, kept answers gain no time that could be seen. They spare nodes.
func TestAnswersSpareNodes(t *testing.T) {
	steps := base(t, "", "\tpin store Locate\n\tpin store Observe\n\tpin store Alerts")
	r := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1), Base: steps, Patterns: named("answer"), Replays: 20})
	if text := string(r.Plan.Format()); !strings.Contains(text, "\tanswer\n") {
		t.Fatalf("answers are not kept under\n%s", text)
	}
	if s := r.Steps[0]; s.Before-s.After > r.Written*worthwhile || s.NodesAfter > 0.8*s.NodesBefore {
		t.Errorf("the evidence is %+v", s)
	}
	seldom := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(500, 5000, 1), 1), Base: steps, Patterns: named("answer"), Replays: 20})
	if len(seldom.Steps) > 0 {
		t.Errorf("answers that hardly anybody asks for again are kept under\n%s", seldom.Plan.Format())
	}
}
