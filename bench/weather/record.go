package weather

// What is recorded of the service as written: how long its steps take, of a part of the first half of
// a day, and what is asked for in every town.

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"fluxo.dev/fluxo/bench/figure"
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
		run, err := l.template(rec, u)
		if err != nil {
			return nil, err
		}
		t.Runs = append(t.Runs, run)
	}
	return &t, nil
}

// maxTries bounds how often a town is asked for: providers fail now and then.
const maxTries = 20

func (l *aliveArm) template(rec *recording, url string) (*profile.Run, error) {
	for range maxTries {
		status, body, err := get(l.http, "http://"+l.service.Addr+url)
		if err != nil {
			return nil, err
		}
		run, err := rec.Next()
		if err != nil {
			return nil, err
		}
		if status == http.StatusOK {
			return run, nil
		}
		if status < http.StatusInternalServerError {
			return nil, fmt.Errorf("%s: %d %s", url, status, body)
		}
	}
	return nil, fmt.Errorf("%s fails again and again", url)
}

// costs records requests of a slice at their pace. It returns, too, how much longer a request takes
// for its client than for the flow that answers it: the median.
func (l *aliveArm) costs(ctx context.Context, s slice) (t *profile.Trace, outside time.Duration, err error) {
	rec, err := l.record(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer rec.body.Close()
	answers, _, err := l.live(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	head := *rec.Head()
	for range answers {
		run, err := rec.Next()
		if err != nil {
			return nil, 0, err
		}
		head.Runs = append(head.Runs, run)
	}
	slices.SortStableFunc(head.Runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	more := make([]float64, len(answers))
	for i, a := range answers {
		more[i] = float64(a.took - head.Runs[i].Took)
	}
	return &head, time.Duration(figure.Median(more)), nil
}
