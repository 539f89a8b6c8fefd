// Package pattern is how people who know architecture teach Fluxo a technique, without
// knowing any application: authors of services get it without knowing any architecture.
//
// A pattern looks at a flow's graph and at what was measured of it, and proposes lines of
// a plan, which compose the laws of package graph. It need not prove anything and cannot break
// anything: whatever it proposes is judged by the checker, which knows the laws and not the patterns, and
// tried in the simulator, which knows what the service did. A pattern of your own is a
// package that calls Register in an init function, and a blank import beside your main function.
//
// The package is experimental: v0.
package pattern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Pattern is one technique. Its methods may be called at the same time.
type Pattern interface {
	// Name is one word: "cache".
	Name() string

	// Find proposes where in a flow the technique may pay. The flow must not be changed.
	// What is proposed beyond MaxCandidates is not looked at.
	Find(f *Flow) []Candidate
}

// MaxCandidates is how many candidates of one pattern in one flow are looked at.
const MaxCandidates = 64

// A Candidate is one use of a technique at one place.
type Candidate struct {
	Lines []string // of a plan, as its file has them: "store Locate"
	Why   string   // it may pay, for people, in terms of what was measured
}

// A Flow is a flow as it was measured.
type Flow struct {
	Graph *graph.Graph
	Seen  map[graph.NodeID]Seen // nodes that no request came by are not in it
}

// Seen is what was measured of a node.
type Seen struct {
	Count       int                // times that requests came by
	Mean        time.Duration      // from its begin to its end
	Percentiles [100]time.Duration // Percentiles[95] is what 95 of a hundred did not take longer than
	Failures    int                // of a step: errors that it returned
	Distinct    int                // contents of what it read
	About       bool               // the counts are worked out from a sample of the requests
}

// String says it for people.
func (s Seen) String() string {
	return fmt.Sprintf("%s calls, %s different, %v each", s.Counted(s.Count), s.Counted(s.Distinct), Rounded(s.Mean))
}

// Counted is one of the counts for people: to three digits, with a word for that, if it is worked out from a sample.
func (s Seen) Counted(n int) string {
	if !s.About {
		return strconv.Itoa(n)
	}
	step := 1
	for n/step >= 1000 {
		step *= 10
	}
	return fmt.Sprintf("about %d", (n+step/2)/step*step)
}

// Rounded is a time to three digits, as people read it.
func Rounded(d time.Duration) time.Duration {
	step := time.Duration(1)
	for d/step >= 1000 {
		step *= 10
	}
	return d.Round(step)
}

// Waits reports whether n asks something outside the process.
func (f *Flow) Waits(n *graph.Node) bool {
	return slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
		return e.Class != graph.Pure && e.Class != graph.LocalTo && e.Class != graph.Observes
	})
}

// Life returns for how long a result of n may be used: the shortest of what its steps promise; 0 if it may not be
// kept by its age.
func (f *Flow) Life(n *graph.Node) time.Duration { return graph.Life(n.Effects) }

var registry struct {
	sync.Mutex
	all []Pattern
}

// Register makes a pattern known. It panics if its name is not a word or taken.
func Register(p Pattern) {
	registry.Lock()
	defer registry.Unlock()
	if p.Name() == "" || strings.ContainsAny(p.Name(), " \t\n") {
		panic(fmt.Sprintf("pattern: a name is one word, not %q", p.Name()))
	}
	for _, q := range registry.all {
		if q.Name() == p.Name() {
			panic(fmt.Sprintf("pattern: %q is registered twice: by %T and %T", p.Name(), q, p))
		}
	}
	registry.all = append(registry.all, p)
}

// All returns the registered patterns, by name.
func All() []Pattern {
	registry.Lock()
	defer registry.Unlock()
	return slices.SortedFunc(slices.Values(registry.all), func(a, b Pattern) int { return strings.Compare(a.Name(), b.Name()) })
}
