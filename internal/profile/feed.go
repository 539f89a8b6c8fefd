package profile

// Runs on their way from the engine to who records them.

import "sync"

// A Feed passes runs on to those who listen. Its methods may be called at the same time.
type Feed struct {
	mu        sync.Mutex
	listeners map[*Listener]bool
}

// Add passes a run on.
func (f *Feed) Add(r *Run) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for l := range f.listeners {
		select {
		case l.runs <- r:
		default:
			l.lost++
		}
	}
}

// Listen returns a listener for whom up to pending runs may wait.
func (f *Feed) Listen(pending int) *Listener {
	l := &Listener{feed: f, runs: make(chan *Run, pending)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners == nil {
		f.listeners = map[*Listener]bool{}
	}
	f.listeners[l] = true
	return l
}

// A Listener gets the runs that end while it listens.
type Listener struct {
	feed *Feed
	runs chan *Run
	lost int
}

// Runs has the runs. Stop closes it.
func (l *Listener) Runs() <-chan *Run { return l.runs }

// Stop ends it, and returns how many runs it lost because too many waited.
func (l *Listener) Stop() (lost int) {
	f := l.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners[l] {
		delete(f.listeners, l)
		close(l.runs)
	}
	return l.lost
}
