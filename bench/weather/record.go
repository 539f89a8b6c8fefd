package weather

// What is recorded before the slices: of the service as written how long its steps take, of a part of the first half of
// a day, and what is asked for in every town; of the planned ones how long clients wait beside their flows.

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// A recording is a stream of runs from a service.
type recording struct {
	*profile.Reader
	body io.Closer
}

// record begins to record what the service does.
func (l *aliveArm) record(ctx context.Context) (*recording, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://service/trace?for=1h", nil)
	if err != nil {
		return nil, err
	}
	resp, err := (&http.Client{Transport: l.control.Transport}).Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return nil, fmt.Errorf("recording: %s: %s %w", resp.Status, body, err)
	}
	r, err := profile.NewReader(resp.Body)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return &recording{r, resp.Body}, nil
}

// templates records one run for each town, its providers answering at once.
func (l *aliveArm) templates(ctx context.Context) (*profile.Trace, error) {
	if err := l.providers(0); err != nil {
		return nil, err
	}
	rec, err := l.record(ctx)
	if err != nil {
		return nil, err
	}
	defer rec.body.Close()
	t := *rec.Head()
	for _, u := range l.urls {
		var run *profile.Run
		if err := l.ask(u, func() (err error) {
			run, err = rec.Next()
			return err
		}); err != nil {
			return nil, err
		}
		t.Runs = append(t.Runs, run)
	}
	return &t, nil
}

// maxTries bounds how often a town is asked for: providers fail now and then.
const maxTries = 20

// ask asks for a town until it is answered. After every try it calls tried.
func (l *aliveArm) ask(url string, tried func() error) error {
	for range maxTries {
		status, body, err := get(l.http, "http://"+l.service.Addr+url)
		if err != nil {
			return err
		}
		if err := tried(); err != nil || status == http.StatusOK {
			return err
		}
		if status < http.StatusInternalServerError {
			return fmt.Errorf("%s: %d %s", url, status, body)
		}
	}
	return fmt.Errorf("%s fails again and again", url)
}

// recorded has the requests of a slice answered at their pace. It returns their runs in the order in which they arrived, and the
// answers in the slice's.
func (l *aliveArm) recorded(ctx context.Context, s slice) (*profile.Trace, []answer, error) {
	rec, err := l.record(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer rec.body.Close()
	answers, _, err := l.live(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	t := *rec.Head()
	for range answers {
		run, err := rec.Next()
		if err != nil {
			return nil, nil, err
		}
		t.Runs = append(t.Runs, run)
	}
	slices.SortStableFunc(t.Runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	return &t, answers, nil
}

// rehearse has all services live through the last minutes of the first half, beside each other as they will through the slices. It
// notes how long steps take then, of those as written, and how much longer clients of the planned ones wait than their flows
// take: for their connections, for the machine, and for its other services.
func (x *experiment) rehearse(ctx context.Context, alive []*aliveArm, templates *profile.Trace) error {
	began := time.Now()
	if err := meet(alive, func(l *aliveArm) (slice, bool) { return l.day.rehearsal(), true }); err != nil {
		return err
	}
	x.report.Note("rehearsal: what came before it took %v to catch up with", time.Since(began).Round(time.Second))
	traces, took := make([]*profile.Trace, len(alive)), make([]around, len(alive))
	if err := each(alive, len(alive), func(i int, l *aliveArm) error {
		s := l.day.rehearsal()
		planned := l.is("planned") || l.is("planned again")
		if !planned && !l.is("naive") {
			_, _, err := l.live(ctx, s)
			return err
		}
		t, answers, err := l.recorded(ctx, s)
		switch {
		case err != nil:
			return err
		case planned:
			took[i], err = aroundFlows(l.day.requests[s.from:s.to], answers, t.Runs, templates)
		default:
			traces[i] = t
		}
		return err
	}); err != nil {
		return err
	}
	x.rehearsed = *templates.Head()
	for i, l := range alive {
		for _, s := range x.studies {
			if l.day == s.day {
				s.around.kept = append(s.around.kept, took[i].kept...)
				s.around.waited = append(s.around.waited, took[i].waited...)
			}
		}
		if traces[i] != nil {
			x.rehearsed.Runs = append(x.rehearsed.Runs, traces[i].Runs...)
		}
	}
	return nil
}

// An around is how much longer requests took for their clients than in the flow: where that found all it needed, and where it waited.
type around struct{ kept, waited []time.Duration }

// aroundFlows holds the answers to requests against the runs of the flow that answered. Runs are of the town that was asked for, as
// the templates have it, and of one town in the order of its requests. Requests that failed count for nothing.
func aroundFlows(requests []request, answers []answer, runs []*profile.Run, templates *profile.Trace) (out around, err error) {
	of := map[string][]*profile.Run{}
	key := func(r *profile.Run) string { return fmt.Sprint(r.Params) }
	for _, r := range runs {
		of[key(r)] = append(of[key(r)], r)
	}
	for i, q := range requests {
		k := key(templates.Runs[int(q.town)%len(templates.Runs)])
		if len(of[k]) == 0 {
			return around{}, fmt.Errorf("request %d, for the %d. town: no run of it was recorded", i, q.town)
		}
		took := of[k][0].Took
		of[k] = of[k][1:]
		switch a := answers[i]; {
		case a.failed:
		case took < quick:
			out.kept = append(out.kept, a.took-took)
		default:
			out.waited = append(out.waited, a.took-took)
		}
	}
	return out, nil
}
