package effect

// Memory, as far as a body can be seen to touch it. A region stands for
// memory; a value is the set of regions that it may point into. The analysis
// ignores the order of statements (Andersen's, with one region for each local
// variable and each place that allocates).

// A regionKind says whose memory a region is.
type regionKind uint8

const (
	localVar  regionKind = iota // the storage of a local variable
	alloc                       // what one expression allocates
	param                       // all that a parameter reaches
	global                      // all that a package variable reaches, its storage included
	fieldMark                   // marks memory reached through a field of a value that is older than the call
	funcValue                   // a declared function
	litValue                    // a function literal
	outlives                    // memory that outlives the call, such as a constant table
	foreign                     // nobody knows
	nilValue                    // nothing
)

// A region is comparable; id is a types.Object, a node or a parameter's index.
type region struct {
	kind regionKind
	id   any
}

// fresh reports whether the region came into being during the call.
func (r region) fresh() bool { return r.kind == localVar || r.kind == alloc }

// A set is a small set of regions.
type set []region

func (s set) has(r region) bool {
	for _, x := range s {
		if x == r {
			return true
		}
	}
	return false
}

func (s set) with(more ...region) set {
	for _, r := range more {
		if !s.has(r) {
			s = append(s[:len(s):len(s)], r)
		}
	}
	return s
}

// old reports whether the set may point to memory from before the call.
func (s set) old() bool {
	for _, r := range s {
		switch r.kind {
		case param, global, fieldMark, outlives, foreign:
			return true
		}
	}
	return false
}

// Bounds of one body. Beyond maxAllocs allocations share a region; beyond maxWork
// comparisons of regions the body counts as one that nobody understands.
const (
	maxAllocs = 48
	maxWork   = 1 << 18
)

// memory is what the regions of one body may contain.
type memory struct {
	content map[region]set
	allocs  map[any]bool
	changed bool
	work    int
}

// tired reports whether the body has used up its work.
func (m *memory) tired() bool { return m.work > maxWork }

// join is the union of two sets.
func (m *memory) join(a, b set) set {
	if len(b) == 0 || m.tired() {
		return a
	}
	if len(a) == 0 {
		return b
	}
	m.work += len(a) * len(b)
	return a.with(b...)
}

func newMemory() *memory { return &memory{content: map[region]set{}, allocs: map[any]bool{}} }

// at is the region that expression n allocates.
func (m *memory) at(n any) region {
	if !m.allocs[n] {
		if len(m.allocs) >= maxAllocs {
			return region{alloc, "many"}
		}
		m.allocs[n] = true
	}
	return region{alloc, n}
}

// put adds values to what region r may contain.
func (m *memory) put(r region, values set) {
	old := m.content[r]
	if now := m.join(old, values); len(now) != len(old) {
		m.content[r] = now
		m.changed = true
	}
}

// load is what may be read through pointers into the regions.
func (m *memory) load(s set) set {
	var out set
	for _, r := range s {
		out = m.join(out, m.content[r])
		switch r.kind {
		case param, global, fieldMark, outlives, foreign:
			out = out.with(r) // all that it reaches is in it
		}
	}
	return out
}

// reach is everything that can be got at from s.
func (m *memory) reach(s set) set {
	out := s
	for i := 0; i < len(out); i++ {
		out = m.join(out, m.content[out[i]])
	}
	return out
}
