// Package trace provides the request traces that benchmarks replay: real ones
// from the directory that FLUXO_TRACES names, and without it generated ones
// fitted to them.
package trace

import (
	"fmt"
	"os"
	"slices"
	"time"
)

// A Request is one line of a trace.
type Request struct {
	At     time.Duration // after the first; zero throughout if the trace has no clock
	Key    int32         // what was asked for: 0 … Keys-1, numbered by first appearance
	Client int32         // who asked: 0 … Clients-1; zero throughout if the trace does not say
	Size   int32         // bytes of the answer; zero if the trace does not say
}

// A Trace is a sequence of requests in the order of their arrival.
type Trace struct {
	Name          string
	Source        string // "real", or "generated"
	Requests      []Request
	Keys, Clients int
}

// An origin is where a trace comes from: its file, and the generator fitted to it.
type origin struct {
	name string
	file string
	read func(path string) (*Trace, error)
	fit  fit
}

var origins = []origin{
	{"epa", "epa-http-1995-08-29.log.gz", readEPA, fitEPA},
	{"erddap", "erddap-nginx-may2024.log.gz", readNginx, fitERDDAP},
	{"web07", "web07.trace.xz", readKeys, fitWeb07},
	{"orm-busy", "orm-busy.trace.xz", readKeys, fitORM},
}

// Names lists the traces that Load knows.
func Names() []string {
	var names []string
	for _, o := range origins {
		names = append(names, o.name)
	}
	return names
}

// Load returns the real trace if FLUXO_TRACES names the directory that holds
// it, else the generated one of the given seed.
func Load(name string, seed uint64) (*Trace, error) {
	i := slices.IndexFunc(origins, func(o origin) bool { return o.name == name })
	if i < 0 {
		return nil, fmt.Errorf("trace %q is not known: choose one of %v", name, Names())
	}
	o := origins[i]
	dir := os.Getenv("FLUXO_TRACES")
	if dir == "" {
		t := o.fit.generate(seed)
		t.Name, t.Source = name, "generated"
		return t, nil
	}
	t, err := o.read(dir + "/" + o.file)
	if err != nil {
		return nil, fmt.Errorf("trace %s: %w (FLUXO_TRACES=%s; unset it to use the generated trace)", name, err, dir)
	}
	t.Name, t.Source = name, "real"
	return t, nil
}

// A numbering gives each distinct string, or integer, the next number.
type numbering[T comparable] map[T]int32

func (n numbering[T]) of(v T) int32 {
	i, ok := n[v]
	if !ok {
		i = int32(len(n))
		n[v] = i
	}
	return i
}
