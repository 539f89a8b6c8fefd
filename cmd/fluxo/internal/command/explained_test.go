package command

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern/planner"
)

// What a decision did, in words that are true of what is counted.
func TestSeen(t *testing.T) {
	for want, s := range map[string]profile.DecisionStatistics{
		"3 of 4 taken from the store (75.0%), 2 dropped for want of memory":                                              {Verb: "store", Hits: 3, Misses: 1, Evicted: 2},
		"1 of 4 joined a call under way (25.0%)":                                                                         {Verb: "coalesce", Joined: 1, Flights: 3},
		"A: 9 set off early; 4 of them had begun when the run came to them; the others it did itself, or had no need of": {Verb: "parallel", Region: "A", Started: 9, Taken: 4},
		"A: none set off early yet":                                                                                      {Verb: "parallel", Region: "A"},
		"1 second try, 0 of which came first":                                                                            {Verb: "hedge", Started: 1},
		"5 second tries, 2 of which came first":                                                                          {Verb: "hedge", Started: 5, Taken: 2},
		"no second try yet":                                                                                              {Verb: "hedge"},
	} {
		if got := seen(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	for _, verb := range []string{"store", "answer", "coalesce"} {
		if got := seen(profile.DecisionStatistics{Verb: verb}); got != "nothing came by yet" {
			t.Errorf("%s: %q before the first request", verb, got)
		}
	}
}

// Figures of a sample are not those of all requests.
func TestSamplesAreSaidToBe(t *testing.T) {
	p := proposalFor(t, "")
	p.answer.Requests, p.answer.Written, p.answer.Proposed = 120_000, &planner.Prediction{}, &planner.Prediction{}
	e := &explained{service: &service{plan: p.new}, answer: p.answer}
	for sampled, want := range map[int][2]string{
		0:    {"in replays of 120000 requests\n", ""},
		3772: {"in replays of a sample of 3772 of 120000 requests\n", "what a line gains is that of a sample of 3772 of 120000 requests; the table is of all\n"},
	} {
		p.answer.Sampled = sampled
		var explained, proposed strings.Builder
		if err := e.print(&explained, nil); err != nil || !strings.Contains(explained.String(), want[0]) {
			t.Errorf("%d sampled: %v,\n%s", sampled, err, explained.String())
		}
		if p.print(&proposed); !strings.Contains(proposed.String(), want[1]) || (want[1] == "") == strings.Contains(proposed.String(), "sample") {
			t.Errorf("%d sampled:\n%s", sampled, proposed.String())
		}
	}
}

// Of a flow that no request of the trace came to nothing is predicted.
func TestNothingIsPredictedWithoutRequests(t *testing.T) {
	f, err := plan.Parse(PlanName, []byte("fluxo 1\n\nflow example.com/a.F (\n\tstore G\n)\n\nflow example.com/a.H (\n\tstore K\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	e := &explained{
		service: &service{plan: f},
		answer: &planner.Answer{Requests: 3, Goal: plan.Mean, Reasons: []planner.Reason{
			{Flow: "example.com/a.F", Line: "store G", Without: .007}, {Flow: "example.com/a.H", Line: "store K", Without: .008},
		}},
		asked: map[graph.FlowName]bool{"example.com/a.H": true},
	}
	var b strings.Builder
	if err := e.print(&b, nil); err != nil {
		t.Fatal(err)
	}
	const want = `
example.com/a.F
  store G
    predicted  nothing: no request of the trace came to this flow

example.com/a.H
  store K
    predicted  mean 8ms without it
`
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
}
