package planner

// Recorded requests: one file of fluxo record, or several as one.

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

const (
	// maxHeld is how many visits are held in memory. Larger records are read anew each time.
	maxHeld = 1 << 20

	// sampled is how many requests of a record that is not held are learned from, for what a run did not record.
	sampled = 5000
)

// A Record is what was recorded of a service. Its requests come by time of arrival.
type Record struct {
	profile.Source
	Requests int                     // runs that no other run made: scheduled ones among them
	Asked    map[graph.FlowName]bool // flows that ran, from outside or for another flow

	runs map[graph.FlowName]int // those of Requests, by flow
}

// Split counts the requests that somebody waits for, and the runs of flows that nothing but a schedule begins.
func (r *Record) Split(scheduled map[graph.FlowName]bool) (requests, runs int) {
	for flow, n := range r.runs {
		if scheduled[flow] {
			runs += n
		} else {
			requests += n
		}
	}
	return requests, runs
}

// Open reads files of fluxo record. Of one that was cut off what is whole counts, which warn is told.
func Open(files []string, warn func(string)) (*Record, error) {
	r := &Record{Asked: map[graph.FlowName]bool{}, runs: map[graph.FlowName]int{}}
	var sources []profile.Source
	var spans []span
	for _, name := range files {
		s, sp, err := r.file(name, warn)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, o := range spans {
			if o.overlaps(sp) {
				return nil, fmt.Errorf("%s and %s have requests of one process at one time, which would count twice: leave one of them out", o.file, sp.file)
			}
		}
		sources, spans = append(sources, s), append(spans, sp)
	}
	all, err := profile.Join(sources...)
	if err != nil {
		return nil, err
	}
	r.Source = all
	return r, r.hold()
}

// A span is when the requests of a file came.
type span struct {
	file        string
	began       time.Time // the process
	first, last time.Duration
}

// overlaps reports whether two files were recorded of one process at one time.
func (s span) overlaps(o span) bool {
	return !s.began.IsZero() && s.began.Equal(o.began) && s.first <= o.last && o.first <= s.last
}

// file reads a file through once.
func (r *Record) file(name string, warn func(string)) (profile.Source, span, error) {
	s, err := profile.NewStream(func() (io.ReadCloser, error) { return os.Open(name) })
	if err != nil {
		return nil, span{}, err
	}
	n, sp := 0, span{file: name, began: s.Head().Began}
	for run, err := range s.Each() {
		if err != nil && n == 0 {
			return nil, span{}, err
		}
		if err != nil {
			warn(fmt.Sprintf("%s: %v; the requests before it count (%d)", name, err, n))
			break
		}
		if n++; n == 1 {
			sp.first, sp.last = run.At, run.At
		}
		sp.first, sp.last = min(sp.first, run.At), max(sp.last, run.At)
		r.asked(run)
		r.runs[run.Flow]++
	}
	if n == 0 {
		return nil, span{}, fmt.Errorf("there is no request in it: record while the service is used")
	}
	r.Requests += n
	return whole{s, n}, sp, nil
}

func (r *Record) asked(run *profile.Run) {
	r.Asked[run.Flow] = true
	for i := range run.Visits {
		if called := run.Visits[i].Run; called != nil {
			r.asked(called)
		}
	}
}

// hold takes the runs into memory if they are few enough.
func (r *Record) hold() error {
	t := r.Head().Head()
	size := 0
	for run, err := range r.Each() {
		if err != nil {
			return err
		}
		if size += run.Size(); size > maxHeld {
			return nil
		}
		t.Runs = append(t.Runs, run)
	}
	r.Source = t
	return nil
}

// Replays returns the record as the simulator takes it.
func (r *Record) Replays() (*sim.Trace, error) {
	if t, ok := r.Source.(*profile.Trace); ok {
		return sim.Read(t)
	}
	part, err := profile.SampleOf(r.Source, sampled)
	if err != nil {
		return nil, err
	}
	t, err := sim.Read(part.Trace)
	if err != nil {
		return nil, err
	}
	return t.From(r.Source), nil
}

// A whole is a stream as far as it can be read.
type whole struct {
	profile.Source
	runs int
}

// Each goes through the runs that are whole.
func (w whole) Each() iter.Seq2[*profile.Run, error] {
	return func(yield func(*profile.Run, error) bool) {
		n := 0
		for r, err := range w.Source.Each() {
			if n++; n > w.runs || !yield(r, err) {
				return
			}
		}
	}
}

// Until returns the record without the requests that came from a time on.
func (r *Record) Until(end time.Duration) *Record {
	out := *r
	if t, ok := r.Source.(*profile.Trace); ok {
		cut := *t
		n, _ := slices.BinarySearchFunc(t.Runs, end, func(run *profile.Run, end time.Duration) int { return cmp.Compare(run.At, end) })
		cut.Runs = t.Runs[:n]
		out.Source, out.Requests, out.runs = &cut, n, map[graph.FlowName]int{}
		for _, run := range cut.Runs {
			out.runs[run.Flow]++
		}
		return &out
	}
	out.Source = until{r.Source, end}
	return &out
}

// An until is a source up to a time.
type until struct {
	profile.Source
	end time.Duration
}

// Each goes through the runs before the end.
func (u until) Each() iter.Seq2[*profile.Run, error] {
	return func(yield func(*profile.Run, error) bool) {
		for r, err := range u.Source.Each() {
			if err == nil && r.At >= u.end || !yield(r, err) {
				return
			}
		}
	}
}
