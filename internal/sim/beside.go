package sim

// What is written beside the requests that are replayed makes stale what was stored of them, too: by those that are not in a sample,
// and by what is no request.

import (
	"context"
	"encoding/binary"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// A beside is a write by nothing that is replayed.
type beside struct {
	at, took time.Duration // from when on it is under way, and for how long
	key      engine.DataKey
}

// elsewhere returns what was written before a run was recorded, and shows in no visit.
func elsewhere(run *profile.Run) (all []beside) {
	for _, w := range run.Writes {
		b := beside{w.At, w.Took, engine.DataKey{Name: w.Data}}
		for _, p := range w.Parts {
			b.key.Parts = append(b.key.Parts, part(p))
		}
		all = append(all, b)
	}
	return all
}

// path encodes the first n parts of a key.
func path(k engine.DataKey, n int) string {
	b := append([]byte(k.Name), 0)
	for _, p := range k.Parts[:n] {
		b = append(binary.AppendUvarint(b, uint64(len(p))), p...)
	}
	return string(b)
}

// known counts the parts of a key up to the first unknown one.
func known(k engine.DataKey) int {
	for i, p := range k.Parts {
		if p == nil {
			return i
		}
	}
	return len(k.Parts)
}

// maxBeside bounds the writes beside a sample, each of which every replay makes.
const maxBeside = 1 << 17

// Beside returns t, a sample of src, with what is written in src and by no request of the sample, as far as the sample reads it. Of writes of
// one key between two requests of the sample it makes one; left is how many more there were than it may have.
func (t *Trace) Beside(src profile.Source, sampled func(*profile.Run) bool) (_ *Trace, left int, err error) {
	read, under := map[string]bool{}, map[string]bool{} // what the sample reads, and all that this is under
	for _, s := range t.scenes {
		t.eachKey(s.run, graph.Reads, func(b beside) {
			for n := range known(b.key) + 1 {
				under[path(b.key, n)] = true
			}
			read[path(b.key, known(b.key))] = true
		})
	}
	out := *t
	out.beside = nil
	if len(read) == 0 {
		return &out, 0, nil // nothing that is written matters
	}
	requests := 0
	type last struct{ requests, at int }
	written := map[string]last{}
	write := func(b beside) {
		whole := path(b.key, known(b.key))
		matches := under[whole]
		for n := range known(b.key) {
			matches = matches || read[path(b.key, n)]
		}
		if !matches {
			return
		}
		l, again := written[whole]
		switch {
		case again && l.requests == requests:
			one := &out.beside[l.at]
			one.took = max(one.took, b.at+b.took-one.at)
		case len(out.beside) == maxBeside:
			left++
		default:
			written[whole] = last{requests, len(out.beside)}
			out.beside = append(out.beside, b)
		}
	}
	for run, err := range src.Each() {
		if err != nil {
			return nil, 0, err
		}
		for _, b := range elsewhere(run) {
			write(b)
		}
		if sampled(run) {
			requests++
		} else {
			t.eachKey(run, graph.Writes, write)
		}
	}
	return &out, left, nil
}

// eachKey calls f with what a run, and those that it called, read or wrote, and when. It leaves out visits that are none of the graph's.
func (t *Trace) eachKey(run *profile.Run, class graph.Class, f func(beside)) {
	t.eachKeyFrom(run.At, run, class, f)
}

func (t *Trace) eachKeyFrom(at time.Duration, run *profile.Run, class graph.Class, f func(beside)) {
	fl, end := t.flows[run.Flow], at+run.Took
	if fl == nil {
		return
	}
	for i := range run.Visits {
		v := &run.Visits[i]
		began := max(min(at, end-v.Took), end-run.Took) // its author may run it beside others
		if v.Run != nil {
			t.eachKeyFrom(began, v.Run, class, f)
		} else if v.Node >= 0 && int(v.Node) < len(fl.inText) {
			n := fl.inText[v.Node]
			for _, k := range n.keys(class, v.Parts) {
				f(beside{began, v.Took, k})
			}
			if n.Kind.IsLoop() {
				continue // what is in it was counted
			}
		}
		at += v.Took
	}
}

// write has what is written beside the requests be written when it was.
func (r *replay) write(all []beside) {
	for _, b := range all {
		acts := &engine.Acts{Writes: []string{b.key.Name}, Engine: r.engine}
		r.world.At(time.Duration(float64(b.at)/r.options.Rate), func() {
			_ = acts.Do(context.Background(), func() []engine.DataKey { return []engine.DataKey{b.key} }, func(context.Context) error {
				r.world.sleep(b.took)
				return nil
			}) // without a limit it is not refused
		})
	}
}
