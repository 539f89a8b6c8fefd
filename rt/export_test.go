package rt

// What tests look at.

import (
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

const (
	WindowVisits = windowVisits
	MinPause     = minPause
)

// Observe observes the process, as built programs do, until the test is over.
func Observe(t testing.TB) {
	observed.begin()
	observed.mu.Lock()
	defer observed.mu.Unlock()
	for name, p := range observed.probes {
		if p == nil {
			delete(observed.probes, name)
		}
	}
	t.Cleanup(func() {
		CloseWindow()
		observed.mu.Lock()
		defer observed.mu.Unlock()
		for _, name := range engine.FlowNames() {
			observed.probes[name] = nil
		}
	})
}

// ObservedVisits returns how many visits were noted in windows so far.
func ObservedVisits() (n int) {
	for _, f := range Profile().Flows {
		n += int(f.Runs)
		for _, node := range f.Nodes {
			n += int(node.Count)
		}
	}
	return n
}

// WindowIsOpen reports whether a window is.
func WindowIsOpen() bool {
	observed.mu.Lock()
	defer observed.mu.Unlock()
	return !observed.opened.IsZero()
}

// CloseWindow closes the window, if one is open.
func CloseWindow() bool {
	observed.mu.Lock()
	defer observed.mu.Unlock()
	if observed.opened.IsZero() {
		return false
	}
	observed.close()
	return true
}

// Allowance returns the share of time that observation may take where the process uses some processors.
func Allowance(processors int) float64 {
	o := observer{rested: time.Now()}
	return o.allowance(o.rested.Add(time.Second), time.Duration(processors)*time.Second)
}

// BeginAnew makes the process one that has been given no plan yet.
func BeginAnew() { present = newProcess() }
