package profile

// Several traces of one service as one: of days, one after the other, and of processes, beside each other.

import (
	"container/heap"
	"fmt"
	"iter"
	"slices"
	"time"
)

// maxBehind is how many runs may stand in front of an earlier one: traces have them in the order in which they ended.
const maxBehind = 4096

// A joined is traces that are read together.
type joined struct {
	head    *Trace
	sources []Source
	shifts  []time.Duration // of the arrivals of each
}

// Join returns the runs of all sources by time of arrival, as if one process had served them. It fails if they are
// not of one service in one version.
func Join(sources ...Source) (Source, error) {
	j := &joined{sources: sources}
	for _, s := range sources {
		h := s.Head()
		if j.head == nil {
			j.head = h.Head()
			j.head.Flows = nil
		}
		if h.Service != j.head.Service {
			return nil, fmt.Errorf("these are traces of two services, %s and %s", j.head.Service, h.Service)
		}
		if err := j.add(h.Flows); err != nil {
			return nil, err
		}
		if h.Began.Before(j.head.Began) {
			j.head.Began = h.Began
		}
		j.head.Cores = max(j.head.Cores, h.Cores)
		if j.head.Costs == (Costs{}) {
			j.head.Costs = h.Costs
		}
	}
	for _, s := range sources {
		j.shifts = append(j.shifts, s.Head().Began.Sub(j.head.Began))
	}
	return j, nil
}

// add adds the flows of one trace.
func (j *joined) add(flows []Flow) error {
next:
	for _, f := range flows {
		for _, have := range j.head.Flows {
			if have.Name != f.Name {
				continue
			}
			what, err := Differ(f.Name, have.Graph, f.Graph)
			if err != nil {
				return err
			}
			if what != "" {
				return fmt.Errorf("these are traces of two versions of %s, which differ first at %s: record the present one", f.Name, what)
			}
			continue next
		}
		j.head.Flows = append(j.head.Flows, f)
	}
	return nil
}

// Head returns what the traces have in common.
func (j *joined) Head() *Trace { return j.head }

// Each goes through the runs of all.
func (j *joined) Each() iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		var all queue
		for i, s := range j.sources {
			next, stop := iter.Pull2(inOrder(s, j.shifts[i]))
			defer stop()
			if r, err, ok := next(); ok {
				all = append(all, queued{r, err, i, next})
			}
		}
		heap.Init(&all)
		for len(all) > 0 {
			q := &all[0]
			if !yield(q.run, q.err) || q.err != nil {
				return
			}
			var ok bool
			if q.run, q.err, ok = q.next(); ok {
				heap.Fix(&all, 0)
			} else {
				heap.Pop(&all)
			}
		}
	}
}

// inOrder goes through the runs of a source by time of arrival, which is later by shift. A run that
// stands further behind its place than maxBehind stays behind.
func inOrder(s Source, shift time.Duration) iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		var waiting queue
		n := 0
		for r, err := range s.Each() {
			if err != nil {
				_ = waiting.drain(yield) && yield(nil, err)
				return
			}
			if shift != 0 {
				moved := *r
				moved.At += shift
				moved.Writes = slices.Clone(r.Writes)
				for i := range moved.Writes {
					moved.Writes[i].At += shift
				}
				r = &moved
			}
			n++
			heap.Push(&waiting, queued{run: r, number: n})
			if len(waiting) > maxBehind && !yield(heap.Pop(&waiting).(queued).run, nil) {
				return
			}
		}
		waiting.drain(yield)
	}
}

// A queue has the earliest run first, and an error before all runs.
type queue []queued

type queued struct {
	run    *Run
	err    error
	number int // of runs that came at the same time the first one is first
	next   func() (*Run, error, bool)
}

// drain gives away all that waits, as long as it is wanted.
func (q *queue) drain(yield func(*Run, error) bool) bool {
	for len(*q) > 0 {
		if !yield(heap.Pop(q).(queued).run, nil) {
			return false
		}
	}
	return true
}

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	a, b := &q[i], &q[j]
	switch {
	case a.err != nil || b.err != nil:
		return a.err != nil && b.err == nil
	case a.run.At != b.run.At:
		return a.run.At < b.run.At
	}
	return a.number < b.number
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
