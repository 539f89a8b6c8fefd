package weather

// What is recorded before the slices: of the service as written how long its steps take, of a part of the first half of
// a day, and what is asked for in every town; of the planned one how long clients wait for what is kept.

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

// costs records requests of a slice at their pace. It returns, too, how much longer they took
// for their clients than in the flow that answers them.
func (l *aliveArm) costs(ctx context.Context, s slice) (t *profile.Trace, around []time.Duration, err error) {
	rec, err := l.record(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer rec.body.Close()
	answers, _, err := l.live(ctx, s, l.latency)
	if err != nil {
		return nil, nil, err
	}
	head := *rec.Head()
	for range answers {
		run, err := rec.Next()
		if err != nil {
			return nil, nil, err
		}
		head.Runs = append(head.Runs, run)
	}
	slices.SortStableFunc(head.Runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	for i, a := range answers {
		around = append(around, a.took-head.Runs[i].Took)
	}
	return &head, around, nil
}

// keptWithin is how long a client waits at most for an answer that is kept; of those that are not, hardly one in fifty comes as fast: a
// provider takes longer nineteen times of twenty.
const keptWithin = 5 * time.Millisecond

// rehearse notes how long clients wait for answers that are kept. All services live through the last minutes of the first half,
// beside each other and as they will through slices.
func (x *experiment) rehearse(ctx context.Context, alive []*aliveArm) error {
	if err := catchUp(alive, func(l *aliveArm) time.Duration { return l.day.rehearsal().begin }); err != nil {
		return err
	}
	answers := make([][]answer, len(alive))
	if err := each(alive, len(alive), func(i int, l *aliveArm) (err error) {
		answers[i], _, err = l.live(ctx, l.day.rehearsal(), l.latency)
		return err
	}); err != nil {
		return err
	}
	for _, s := range x.studies {
		for i, l := range alive {
			if l.name == s.name+"/planned" || l.name == s.name+"/planned again" {
				s.kept = append(s.kept, kept(answers[i])...)
			}
		}
	}
	return nil
}

// kept returns the times of answers that were.
func kept(all []answer) (took []time.Duration) {
	for _, a := range all {
		if !a.failed && a.took < keptWithin {
			took = append(took, a.took)
		}
	}
	return took
}
