package rt

// Which parts of one value share memory. A value that refers to the same
// memory twice must be told from one that refers to two equal pieces, and its
// copy must share in the same way. Parts that share memory only partly (a
// pointer into a slice, two slices that overlap) have no key and no copy.

import (
	"slices"
	"unsafe"
)

const (
	maxDepth      = 10_000  // references followed in a row; a longer list has no key and no copy
	maxReferences = 1 << 20 // references in one value
	linearSearch  = 12      // up to so many, a scan is faster than a map
)

// A span is memory that a reference of the value leads to.
type span struct {
	at   unsafe.Pointer
	size uintptr
	len  int
	typ  any            // a nil pointer whose type tells spans of different types apart
	copy unsafe.Pointer // the copy's memory, for a Copier
	open bool           // the walk is inside it
}

type spanKey struct {
	at   unsafe.Pointer
	size uintptr
	len  int
	typ  any
}

// An aliasing is the memory that a walk over one value has seen.
type aliasing struct {
	spans []span
	index map[spanKey]int // of spans, once there are many
	stack []int           // the open spans
	spare []span          // memory behind slices of length 0
	bad   bool
}

// A sighting is what enter found.
type sighting uint8

const (
	unseen   sighting = iota // not met before: go inside, then leave
	seen                     // met before
	rejected                 // a cycle, or too much: the value has no key and no copy
)

// enter notes that the walk follows a reference to size bytes at at.
func (a *aliasing) enter(at unsafe.Pointer, size uintptr, length int, typ any) (int, sighting) {
	if a.bad {
		return 0, rejected
	}
	if i, ok := a.find(at, size, length, typ); ok {
		if a.spans[i].open {
			a.bad = true
			return i, rejected
		}
		return i, seen
	}
	if len(a.stack) >= maxDepth || len(a.spans) >= maxReferences {
		a.bad = true
		return 0, rejected
	}
	i := len(a.spans)
	a.spans = append(a.spans, span{at: at, size: size, len: length, typ: typ, open: true})
	if a.index != nil {
		a.index[spanKey{at, size, length, typ}] = i
	}
	a.stack = append(a.stack, i)
	return i, unseen
}

func (a *aliasing) find(at unsafe.Pointer, size uintptr, length int, typ any) (int, bool) {
	if a.index == nil && len(a.spans) > linearSearch {
		a.index = make(map[spanKey]int, 4*linearSearch)
		for i, s := range a.spans {
			a.index[spanKey{s.at, s.size, s.len, s.typ}] = i
		}
	}
	if a.index != nil {
		i, ok := a.index[spanKey{at, size, length, typ}]
		return i, ok
	}
	for i := range a.spans {
		s := &a.spans[i]
		if s.at == at && s.size == size && s.len == length && s.typ == typ {
			return i, true
		}
	}
	return 0, false
}

// leave ends the reference entered last.
func (a *aliasing) leave() {
	last := len(a.stack) - 1
	a.spans[a.stack[last]].open = false
	a.stack = a.stack[:last]
}

// behind notes the spare capacity of a slice of length 0. It is no content; but
// another part of the value that lies there would change with an append.
func (a *aliasing) behind(at unsafe.Pointer, size uintptr) {
	if len(a.spare) >= maxReferences {
		a.bad = true
		return
	}
	a.spare = append(a.spare, span{at: at, size: size})
}

// ok reports whether the value has a key and a copy: no two spans overlap.
// It ends the walk.
func (a *aliasing) ok() bool {
	if a.bad {
		return false
	}
	a.spans = append(a.spans, a.spare...)
	slices.SortFunc(a.spans, func(x, y span) int {
		switch {
		case uintptr(x.at) < uintptr(y.at):
			return -1
		case uintptr(x.at) > uintptr(y.at):
			return 1
		}
		return 0
	})
	for i := 1; i < len(a.spans); i++ {
		before, s := &a.spans[i-1], &a.spans[i]
		if before.size > 0 && s.size > 0 && uintptr(before.at)+before.size > uintptr(s.at) {
			return false
		}
	}
	return true
}
