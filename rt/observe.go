package rt

// Observation: flows that run as written are noted in short windows, which together cost a small share of
// processor time. Between them nothing is in the way of the author's own body.

import (
	"cmp"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

// ObserveEnvironment names the variable that switches observation off: "off".
const ObserveEnvironment = "FLUXO_PROFILE"

// Bounds of what observation may cost.
const (
	busyShare    = 0.005                  // of the processor time that the process uses,
	idleShare    = 0.0005                 // and of that of all processors
	visitCost    = 1500 * time.Nanosecond // of noting one visit and summing it up, about, and of the memory that it takes
	windowVisits = 1 << 11                // after which a window is closed
	windowTime   = 5 * time.Second        // likewise, so that it is not waited for what a change of plan took away
	minPause     = 100 * time.Millisecond // behind a window that was full
	maxUnsummed  = windowVisits           // runs not summed up yet; more are passed over
	maxReady     = 8                      // flows made ready before one window
)

// observed is what the process saw of itself.
var observed = observer{probes: map[graph.FlowName]*engine.Plan{}}

// An observer opens and closes windows, and sums up what they show. It has no goroutine between them.
type observer struct {
	once sync.Once

	mu      sync.Mutex
	probes  map[graph.FlowName]*engine.Plan // nil for a flow that cannot be observed
	opened  time.Time                       // the window; zero while none is open
	windows time.Duration                   // all before it together
	seen    int                             // visits since it was last summed up
	pending []*profile.Run

	heard feed.Feed[*profile.Run] // of who exports runs

	summing sync.Mutex
	summary *profile.Summary
	rested  time.Time     // when a window was last summed up,
	used    time.Duration // and the processor time until then
}

// begin begins to observe the process, unless its environment forbids that.
func (o *observer) begin() {
	if os.Getenv(ObserveEnvironment) == "off" {
		return
	}
	o.once.Do(func() {
		o.summing.Lock()
		o.summary = profile.NewSummary(Service(), clock.Began(), func(name graph.FlowName) string { return engine.Lookup(name).Program.Graph })
		o.rested, o.used = time.Now(), processorTime()
		o.summing.Unlock()
		time.AfterFunc(minPause, o.open)
	})
}

// isOn reports whether the process is observed.
func (o *observer) isOn() bool {
	o.summing.Lock()
	defer o.summing.Unlock()
	return o.summary != nil
}

// open opens a window on all flows that run as written.
func (o *observer) open() {
	o.ready()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.opened = time.Now()
	for name, probe := range o.probes {
		if probe != nil {
			engine.Lookup(name).Slot.Replace(nil, probe)
		}
	}
	opened := o.opened
	time.AfterFunc(windowTime, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.opened.Equal(opened) {
			o.close()
		}
	})
}

// ready makes some more flows ready to be observed.
func (o *observer) ready() {
	for _, name := range o.unready() {
		p, err := o.probe(engine.Lookup(name))
		if err != nil {
			slog.Warn("fluxo: a flow is not observed", slog.String("flow", string(name)), slog.Any("error", err))
		}
		o.mu.Lock()
		o.probes[name] = p
		o.mu.Unlock()
	}
}

// unready returns some of the flows that are not ready yet.
func (o *observer) unready() (names []graph.FlowName) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, name := range engine.FlowNames() {
		if _, done := o.probes[name]; !done && len(names) < maxReady {
			names = append(names, name)
		}
	}
	return names
}

// probe makes a flow ready to be noted; nil if that would make it slower: its author runs something beside each other
// that a walk does not.
func (o *observer) probe(fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	g, left := plan.WithOwn(src.Graph, nil, func(planned *graph.Graph) map[graph.NodeID]string {
		return check.Check(src.Graph, planned, check.Program{Sole: sole.all()}, check.DefaultRules()).Reasons()
	})
	if len(left) > 0 {
		return nil, nil
	}
	p, err := engine.Current().Probe(src, g)
	if err != nil {
		return nil, err
	}
	p.NoteTo(o.add)
	return p, nil
}

// add takes a run that began in a window. It closes one that is full.
func (o *observer) add(r *profile.Run) {
	o.heard.Add(r)
	o.sumUp(r)
}

// sumUp is add without telling anybody of the run: it is no request.
func (o *observer) sumUp(r *profile.Run) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen += r.Size()
	if len(o.pending) < maxUnsummed {
		o.pending = append(o.pending, r)
	}
	if o.seen >= windowVisits && !o.opened.IsZero() {
		o.close()
	}
}

// close closes the window that is open. What it saw is summed up behind it.
func (o *observer) close() {
	for name, probe := range o.probes {
		if probe != nil {
			engine.Lookup(name).Slot.Replace(probe, nil)
		}
	}
	took := time.Since(o.opened)
	o.windows += took
	o.opened = time.Time{}
	time.AfterFunc(0, func() { o.rest(took) })
}

// rest pauses until windows have cost no more than they may, and opens the next.
func (o *observer) rest(took time.Duration) {
	cost := time.Duration(o.sum()) * visitCost
	pause := time.Duration(float64(cost)/o.allowance(time.Now(), processorTime())) - took
	if pause <= 0 {
		o.open()
		return
	}
	o.summing.Lock()
	o.summary.Pause()
	o.summing.Unlock()
	time.AfterFunc(max(pause, minPause), o.open)
}

// allowance returns how large a share of time observation may take, as the process has been since it was last asked.
func (o *observer) allowance(now time.Time, used time.Duration) float64 {
	o.summing.Lock()
	defer o.summing.Unlock()
	busy := 0.0 // processors
	if took := now.Sub(o.rested); took > 0 {
		busy = float64(used-o.used) / float64(took)
	}
	o.rested, o.used = now, used
	all := float64(runtime.GOMAXPROCS(0))
	return busyShare*min(busy, all) + idleShare*all
}

// sum adds what was noted since the last time to the summary, and returns how many visits that were.
func (o *observer) sum() (seen int) {
	o.summing.Lock()
	defer o.summing.Unlock()
	o.mu.Lock()
	runs := o.pending
	seen, o.seen, o.pending = o.seen, 0, nil
	o.mu.Unlock()
	slices.SortFunc(runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	for _, r := range runs {
		if err := o.summary.Add(r); err != nil {
			slog.Error("fluxo: bug: a run is not of the graph of its flow", slog.Any("error", err))
		}
	}
	return seen
}

// time returns how long windows have been open.
func (o *observer) time() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.opened.IsZero() {
		return o.windows
	}
	return o.windows + time.Since(o.opened)
}

// Spans returns a listener to the runs that are observed from now on, for whom up to pending may wait. They say when each
// visit began.
func Spans(pending int) *feed.Listener[*profile.Run] {
	engine.Current().NoteSpans()
	return observed.heard.Listen(pending)
}

// GraphOf returns the text of a flow's graph; "" if the process has no such flow.
func GraphOf(name graph.FlowName) string {
	if fl := engine.Lookup(name); fl != nil {
		return fl.Program.Graph
	}
	return ""
}

// Profile returns what was noted of the process so far; nil if it is not observed.
func Profile() *profile.Profile {
	o := &observed
	if !o.isOn() {
		return nil
	}
	o.sum()
	open := o.time()
	o.summing.Lock()
	defer o.summing.Unlock()
	return o.summary.Profile(clock.Now(), open)
}
