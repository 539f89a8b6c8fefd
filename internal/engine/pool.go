package engine

// What runs leave for the next ones.

import "sync"

// A pool keeps frames of runs. That of a world of which one goroutine runs at a time is a list, so that who gets what, and
// which runs are looked at, does not depend on when garbage is collected; it has as many as were ever under way at once.
type pool struct {
	shared sync.Pool
	list   []any
}

func (p *pool) get(e *Engine) any {
	if !e.alone {
		return p.shared.Get()
	}
	last := len(p.list) - 1
	if last < 0 {
		return nil
	}
	v := p.list[last]
	p.list = p.list[:last]
	return v
}

func (p *pool) put(e *Engine, v any) {
	if e.alone {
		p.list = append(p.list, v)
	} else {
		p.shared.Put(v)
	}
}
