package profile

// What a running process keeps of its latest requests.

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Collector keeps the latest runs, within a bound of memory, and passes them on to who asks for them.
// Its methods may be called at the same time.
type Collector struct {
	max    int64        // bytes
	visits atomic.Int64 // in all runs so far

	mu        sync.Mutex
	runs      []*Run // the oldest first, from begin on
	begin     int
	bytes     int64
	listeners map[*Listener]bool
}

// NewCollector returns a collector that keeps up to max bytes of runs.
func NewCollector(max int64) *Collector {
	return &Collector{max: max, listeners: map[*Listener]bool{}}
}

// Visits returns how many visits all runs had so far.
func (c *Collector) Visits() int64 { return c.visits.Load() }

// Add takes a run.
func (c *Collector) Add(r *Run) {
	visits, bytes := r.size()
	c.visits.Add(visits)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = append(c.runs, r)
	c.bytes += bytes
	for c.bytes > c.max && c.begin < len(c.runs) {
		_, old := c.runs[c.begin].size()
		c.bytes -= old
		c.runs[c.begin] = nil
		c.begin++
	}
	if c.begin > len(c.runs)/2 {
		c.runs = append([]*Run(nil), c.runs[c.begin:]...)
		c.begin = 0
	}
	for l := range c.listeners {
		select {
		case l.runs <- r:
		default:
			l.lost++
		}
	}
}

// size returns the visits of a run, those of the flows that it called included, and the bytes that it
// takes.
func (r *Run) size() (visits, bytes int64) {
	visits = int64(len(r.Visits))
	bytes = int64(unsafe.Sizeof(*r)) + visits*int64(unsafe.Sizeof(Visit{})) + int64(len(r.Params))*int64(unsafe.Sizeof(Value{}))
	for i := range r.Visits {
		v := &r.Visits[i]
		bytes += int64(len(v.Sets)) * int64(unsafe.Sizeof(Value{}))
		if v.Run != nil {
			n, b := v.Run.size()
			visits, bytes = visits+n, bytes+b
		}
	}
	return visits, bytes
}

// Latest returns the runs that are kept, in the order in which they ended.
func (c *Collector) Latest() []*Run {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*Run(nil), c.runs[c.begin:]...)
}

// A Listener gets the runs that end from now on.
type Listener struct {
	collector *Collector
	runs      chan *Run
	lost      int
}

// Listen returns a listener for whom up to pending runs may wait.
func (c *Collector) Listen(pending int) *Listener {
	l := &Listener{collector: c, runs: make(chan *Run, pending)}
	c.mu.Lock()
	c.listeners[l] = true
	c.mu.Unlock()
	return l
}

// Runs has the runs. It is closed by Stop.
func (l *Listener) Runs() <-chan *Run { return l.runs }

// Stop ends it, and returns how many runs were lost because too many waited.
func (l *Listener) Stop() (lost int) {
	c := l.collector
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners[l] {
		delete(c.listeners, l)
		close(l.runs)
	}
	return l.lost
}
