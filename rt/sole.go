package rt

// What the main package says of the whole program.

import (
	"context"
	"maps"
	"sync"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/request"
)

func init() {
	engine.SetCurrent(engine.New(engine.Options{
		World:  realWorld{},
		Traced: noted.Add,
		ParentOf: func(ctx context.Context) string {
			if r := request.From(ctx); r != nil {
				return r.Parent
			}
			return ""
		},
		KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
	}))
}

// sole has the names of data that nobody but this process writes. It is filled
// by init functions.
var sole = names{set: map[string]bool{}}

type names struct {
	mu  sync.Mutex
	set map[string]bool
}

func (n *names) add(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.set[name] = true
}

func (n *names) all() map[string]bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.set)
}
