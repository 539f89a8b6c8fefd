// Package adopt measures what an existing program gains by adopting Fluxo: the
// shop of examples/adopt, built by go build and by fluxo build, under the same
// load, with every page held against the writes acknowledged before it.
package adopt

import (
	"fmt"
	"os"
	"time"

	"fluxo.dev/fluxo/bench/figure"
)

// Gain compares the shop's product page after and before.
var Gain = figure.Figure{
	Name:  "adopt",
	About: "mean time of the adopted page after over before; answers that missed an acknowledged write",
	Run:   gain,
}

// The load of one run.
const (
	requests = 10_000
	clients  = 4
	writes   = 0.05 // share of the requests
)

func gain(r *figure.Report) error {
	dir, err := os.MkdirTemp("", "fluxo-adopt-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	plain, planned, err := Build(dir)
	if err != nil {
		return err
	}
	m := measurement{load: NewLoad(requests, writes, r.Seed)}
	r.Ratio("adopt.gain",
		func() float64 { return m.run(plain, &m.before) },
		func() float64 { return m.run(planned, &m.after) })
	if m.err != nil {
		return m.err
	}
	r.Line("adopt.before", figure.Median(m.before.pages), "µs")
	r.Line("adopt.after", figure.Median(m.after.pages), "µs")
	r.Line("adopt.write.before", figure.Median(m.before.writes), "µs")
	r.Line("adopt.write.after", figure.Median(m.after.writes), "µs")
	r.Line("adopt.checked", float64(m.after.checked), "answers")
	r.Line("adopt.stale", float64(len(m.before.stale)+len(m.after.stale)), "answers")
	for _, s := range append(m.before.stale, m.after.stale...) {
		r.Note("%v", s)
	}
	return nil
}

// A measurement is many runs of the same load against one program or the other.
type measurement struct {
	load          *Load
	before, after side
	err           error // the first; runs after it do nothing
}

// A side is what was measured of one program.
type side struct {
	pages, writes []float64 // means of each run, microseconds
	checked       int
	stale         []error
}

// run starts the program on a database of its own, sends it the load, and
// returns the mean time of a page in microseconds.
func (m *measurement) run(program string, s *side) float64 {
	if m.err != nil {
		return 1
	}
	server, err := Start(program)
	if err != nil {
		m.err = err
		return 1
	}
	defer server.Stop()
	result, err := m.load.Send(server.URL, clients)
	if err != nil {
		m.err = fmt.Errorf("%s: %w", program, err)
		return 1
	}
	s.pages = append(s.pages, micros(result.PageTime))
	s.writes = append(s.writes, micros(result.WriteTime))
	s.checked += result.Pages
	s.stale = append(s.stale, result.Stale...)
	return micros(result.PageTime)
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
