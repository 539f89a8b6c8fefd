package engine

import "math/rand/v2"

// What tests of other files need of the insides.

// NewTimed makes a context that ends under the world's clock.
var NewTimed = newTimed

// StampChanges reports whether a write of one key changes the stamps of a read of another.
func StampChanges(read, write DataKey) bool {
	t := newStamps(rand.Uint64())
	list := t.read(read, nil)
	t.end(t.begin([]DataKey{write}))
	return !unchanged(list)
}

// A Stamps is a table of stripes.
type Stamps struct{ *stamps }

// A Write is one of its writes.
type Write struct {
	write
	of *stamps
}

// NewStamps returns an empty table.
func NewStamps() Stamps { return Stamps{newStamps(rand.Uint64())} }

// Begin begins a write of one key.
func (s Stamps) Begin(k DataKey) Write { return Write{s.begin([]DataKey{k}), s.stamps} }

// End ends it.
func (w Write) End() { w.of.end(w.write) }

// Read returns whether the stamps of a read of one key are unchanged when asked.
func (s Stamps) Read(k DataKey) (same func() bool) {
	list := s.read(k, nil)
	return func() bool { return unchanged(list) }
}

// Keys returns of how many steps and arguments calls are remembered.
func (j *Journal) Keys() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.calls)
}

// IsFilling reports whether anything is under way that flows look for in their contexts.
func (e *Engine) IsFilling() bool { return e.filling.Load() != 0 }

// MaxElsewhere is how many writes are remembered that no visit shows.
const MaxElsewhere = maxElsewhere

// Awaited returns how many writes visits that are under way show.
func (j *Journal) Awaited() int {
	j.elsewhere.mu.Lock()
	defer j.elsewhere.mu.Unlock()
	return len(j.elsewhere.visits)
}
