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
	var only []pattern.Pattern
	for _, p := range pattern.All() {
		if p.Name() == "answer" {
			only = append(only, p)
		}
	}
	r := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1), Patterns: only, Replays: 20})
	text := string(r.Plan.Format())
	if !strings.Contains(text, "\tanswer\n") || Value(r.Goal, r.After) > .9*Value(r.Goal, r.Before) {
		t.Errorf("%s as written, %s under\n%s", Text(r.Goal, Value(r.Goal, r.Before)), Text(r.Goal, Value(r.Goal, r.After)), text)
	}
	if len(r.Steps) != 1 || len(r.Steps[0].Holds) != 10 {
		t.Errorf("the evidence is %+v", r.Steps)
	}
}
