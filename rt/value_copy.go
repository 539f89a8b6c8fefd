package rt

// Deep copies of values. Emitted code copies a value as Go's assignment does
// and then deepens the copy: what it refers to is copied in turn, so that the
// copy shares no memory with the original that anybody could change.

import (
	"strings"
	"unsafe"
)

// A Copier deepens the copy of one value.
type Copier struct {
	// Size is what the copy holds beside itself, in bytes.
	Size int

	own   bool // strings are copied too, so that a substring does not keep all of a larger one alive
	track bool
	alias aliasing
}

// Saver returns the Copier for *d, a copy that is kept. The type of the value
// has no two ways to refer to one piece of memory.
func Saver[T any](d *T) Copier { return Copier{Size: int(unsafe.Sizeof(*d)), own: true} }

// TrackingSaver is Saver for other types. root is what *d was assigned from.
func TrackingSaver[T any](d, root *T) Copier {
	c := Copier{Size: int(unsafe.Sizeof(*d)), own: true, track: true}
	c.alias.enter(unsafe.Pointer(root), unsafe.Sizeof(*root), 1, (**T)(nil))
	return c
}

// Loader returns the Copier for a copy of what came from a Saver.
func Loader() Copier { return Copier{} }

// TrackingLoader returns the Copier for a copy of what came from a TrackingSaver.
func TrackingLoader() Copier { return Copier{track: true} }

// OK reports whether the value could be copied. It ends the copy.
func (c *Copier) OK() bool { return c.alias.ok() }

// Fail says that the value cannot be copied.
func (c *Copier) Fail() { c.alias.bad = true }

// Leave ends what DeepPtr or DeepSlice began.
func (c *Copier) Leave() {
	if c.track {
		c.alias.leave()
	}
}

// DeepString deepens a string.
func DeepString(c *Copier, s *string) {
	if c.own {
		*s = strings.Clone(*s)
	}
	c.Size += len(*s)
}

// DeepPtr replaces *p by a pointer to a copy; if it returns true, the copy is to be deepened, and then Leave.
func DeepPtr[T any](c *Copier, p **T) bool {
	if *p == nil {
		return false
	}
	i, first := c.reference(unsafe.Pointer(*p), unsafe.Sizeof(**p), 1, (*T)(nil))
	if !first {
		*p = (*T)(c.copied(i))
		return false
	}
	d := new(T)
	*d = **p
	*p = d
	c.keep(i, unsafe.Pointer(d), unsafe.Sizeof(*d))
	return true
}

// DeepSlice replaces *s by a copy; if it returns true, its elements are to be deepened, and then Leave.
func DeepSlice[S ~[]E, E any](c *Copier, s *S) bool {
	if *s == nil {
		return false
	}
	var e E
	size := uintptr(cap(*s)) * unsafe.Sizeof(e)
	if len(*s) == 0 || size == 0 {
		c.spare(unsafe.Pointer(unsafe.SliceData(*s)), size)
		*s = make(S, len(*s), cap(*s))
		return false
	}
	i, first := c.reference(unsafe.Pointer(unsafe.SliceData(*s)), size, len(*s), (*[]E)(nil))
	if !first {
		if at := c.copied(i); at != nil {
			*s = unsafe.Slice((*E)(at), cap(*s))[:len(*s)]
		}
		return false
	}
	d := make(S, len(*s), cap(*s)) // two appends to one slice write to one place, if there is room
	copy(d, *s)
	*s = d
	c.keep(i, unsafe.Pointer(unsafe.SliceData(d)), size)
	return true
}

// DeepMap replaces *m by a copy whose keys and values are deepened by key and
// value; nil where assignment is deep enough.
func DeepMap[M ~map[K]V, K comparable, V any](c *Copier, m *M, key func(*Copier, *K), value func(*Copier, *V)) {
	if *m == nil {
		return
	}
	i, first := c.reference(mapPointer(*m), 1, len(*m), (*map[K]V)(nil))
	if !first {
		p := c.copied(i)
		*m = *(*M)(unsafe.Pointer(&p))
		return
	}
	d := make(M, len(*m))
	var entry struct {
		k K
		v V
	}
	c.keep(i, mapPointer(d), mapHeader+uintptr(len(*m))*(unsafe.Sizeof(entry)+1))
	for k, v := range *m {
		if key != nil {
			key(c, &k)
		}
		if value != nil {
			value(c, &v)
		}
		d[k] = v
	}
	*m = d
	c.Leave()
}

const mapHeader = 48 // bytes of a map without entries

// reference notes a reference that is not nil; first is false if its copy exists already.
func (c *Copier) reference(at unsafe.Pointer, size uintptr, length int, typ any) (i int, first bool) {
	if !c.track {
		return 0, true
	}
	i, s := c.alias.enter(at, size, length, typ)
	return i, s == unseen
}

// copied returns the copy of span i; nil after a failure, when the copy is thrown away.
func (c *Copier) copied(i int) unsafe.Pointer {
	if c.alias.bad {
		return nil
	}
	return c.alias.spans[i].copy
}

func (c *Copier) spare(at unsafe.Pointer, size uintptr) {
	if c.track {
		c.alias.behind(at, size)
	}
}

func (c *Copier) keep(i int, copy unsafe.Pointer, size uintptr) {
	c.Size += int(size)
	if c.track {
		c.alias.spans[i].copy = copy
	}
}
