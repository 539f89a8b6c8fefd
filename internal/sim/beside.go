package sim

// A sample of a trace has a part of the requests that write: what the others write makes stale what was stored of the sample, too.

import (
	"context"
	"encoding/binary"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// A beside is a write of a request that is not replayed.
type beside struct {
	at  time.Duration
	key engine.DataKey
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

// Beside returns t, a sample of src, with what the requests of src write that are not in it, as far as the sample reads it. Of
// writes of one key between two requests of the sample it has the first; left is how many more there were than it may have.
func (t *Trace) Beside(src profile.Source, sampled func(*profile.Run) bool) (_ *Trace, left int, err error) {
	read, under := map[string]bool{}, map[string]bool{} // what the sample reads, and all that this is under
	for _, s := range t.scenes {
		t.eachKey(s.run, graph.Reads, func(k engine.DataKey) {
			for n := range known(k) + 1 {
				under[path(k, n)] = true
			}
			read[path(k, known(k))] = true
		})
	}
	if len(read) == 0 {
		return t, 0, nil // nothing that is written matters
	}
	out := *t
	written, requests := map[string]int{}, 1
	for run, err := range src.Each() {
		switch {
		case err != nil:
			return nil, 0, err
		case sampled(run):
			requests++
			continue
		}
		t.eachKey(run, graph.Writes, func(k engine.DataKey) {
			whole := path(k, known(k))
			matches := under[whole]
			for n := range known(k) {
				matches = matches || read[path(k, n)]
			}
			if !matches || written[whole] == requests {
				return
			}
			if len(out.beside) == maxBeside {
				left++
			} else {
				written[whole] = requests
				out.beside = append(out.beside, beside{run.At + run.Took, k})
			}
		})
	}
	return &out, left, nil
}

// eachKey calls f with the keys of what a run, and those that it called, read or wrote. It leaves out visits that are none of the graph's.
func (t *Trace) eachKey(run *profile.Run, class graph.Class, f func(engine.DataKey)) {
	fl := t.flows[run.Flow]
	if fl == nil {
		return
	}
	for i := range run.Visits {
		v := &run.Visits[i]
		if v.Run != nil {
			t.eachKey(v.Run, class, f)
		} else if v.Node >= 0 && int(v.Node) < len(fl.inText) {
			for _, k := range fl.inText[v.Node].keys(class, v.Parts) {
				f(k)
			}
		}
	}
}

// writeBeside has what is written beside the requests be written when it was.
func (r *replay) writeBeside() {
	for _, b := range r.trace.beside {
		acts := &engine.Acts{Writes: []string{b.key.Name}, Engine: r.engine}
		r.world.at(time.Duration(float64(b.at)/r.options.Rate), &event{f: func() {
			_ = acts.Do(context.Background(), func() []engine.DataKey { return []engine.DataKey{b.key} }, func(context.Context) error { return nil }) // without a limit it is not refused
		}})
	}
}
