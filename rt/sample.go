package rt

// The profile of the process: a sample of its requests is noted, as large as
// its bound of time allows.

import (
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// Bounds of what noting requests may cost.
const (
	sampleTime   = 0.01                  // of the process's processors
	visitTime    = 500 * time.Nanosecond // what one visit costs, about, with what is written of it
	sampleMemory = 16 << 20              // bytes of the latest requests
	sampleEvery  = time.Second           // the share of requests is set again
)

// samples has the requests that were noted.
var samples = profile.NewCollector(sampleMemory)

// A sampler decides how large a share of requests is noted.
type sampler struct {
	share  float64
	visits int64 // that there had been when it last looked
}

// next returns the share for the time to come, when it last looked that long ago.
func (s *sampler) next(visits int64, since time.Duration, processors int) float64 {
	cost := float64(visits-s.visits) * float64(visitTime) / (float64(since) * float64(processors))
	s.visits = visits
	switch {
	case cost > sampleTime:
		s.share *= sampleTime / cost
	case cost < sampleTime/2:
		s.share = min(1, s.share*2)
	}
	return s.share
}

// sample begins to note requests, until the process ends.
func sample() {
	if err := present.probe(); err != nil {
		slog.Warn("fluxo: no profile is taken", slog.Any("error", err))
		return
	}
	s := sampler{share: 0.01}
	engine.Current().SetTracing(s.share)
	for range time.Tick(sampleEvery) {
		engine.Current().SetTracing(s.next(samples.Visits(), sampleEvery, runtime.GOMAXPROCS(0)))
	}
}

// probe has the flows that run as written ready to be noted, now and under the plans to come.
func (p *process) probe() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.probes = true
	for _, name := range engine.FlowNames() {
		fl := engine.Lookup(name)
		if p.planned[fl.Of] != nil {
			continue
		}
		probe, err := probeOf(fl)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fl.Slot.Set(probe)
	}
	return nil
}

// probeOf compiles a flow as written, to be noted.
func probeOf(fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	return engine.Current().Probe(src, withOwn(src.Graph, nil))
}

// Trace returns the trace that the process has of its latest requests.
func Trace(service string) *profile.Trace {
	t := &profile.Trace{Service: service, Began: began, Cores: runtime.GOMAXPROCS(0), Runs: samples.Latest()}
	for _, name := range engine.FlowNames() {
		t.Flows = append(t.Flows, profile.Flow{Name: name, Graph: engine.Lookup(name).Program.Graph})
	}
	return t
}

// Record returns a listener to the requests that end from now on.
func Record(pending int) *profile.Listener { return samples.Listen(pending) }
