package rt

// Canonical keys of values that hold references.

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unsafe"
)

// A Keyer appends the key of one value that may refer to one piece of memory
// in several ways.
type Keyer struct {
	B     []byte
	alias aliasing
}

// Tags before what a reference leads to.
const (
	tagNil byte = iota
	tagNew
	tagSeen // followed by the number of the reference, counted as they were met
)

// NewKeyer returns a Keyer that appends to b the key of *root.
func NewKeyer[T any](b []byte, root *T) Keyer {
	k := Keyer{B: b}
	k.alias.enter(unsafe.Pointer(root), unsafe.Sizeof(*root), 1, (**T)(nil))
	return k
}

// Done returns the key; false if the value has none.
func (k *Keyer) Done() ([]byte, bool) { return k.B, k.alias.ok() }

// Fail says that the value has no key.
func (k *Keyer) Fail() { k.alias.bad = true }

// Leave ends what KeyPtr or KeySlice began.
func (k *Keyer) Leave() { k.alias.leave() }

// KeyPtr appends the key of p; if it returns true, the key of *p is to follow, and then Leave.
func KeyPtr[T any](k *Keyer, p *T) bool {
	if p == nil {
		k.B = append(k.B, tagNil)
		return false
	}
	return k.reference(unsafe.Pointer(p), unsafe.Sizeof(*p), 1, (*T)(nil))
}

// KeySlice appends the key of s; if it returns true, its elements' keys are to follow, and then Leave.
func KeySlice[E any](k *Keyer, s []E) bool {
	if s == nil {
		k.B = append(k.B, tagNil)
		return false
	}
	var e E
	size := uintptr(cap(s)) * unsafe.Sizeof(e)
	if len(s) == 0 || size == 0 {
		k.alias.behind(unsafe.Pointer(unsafe.SliceData(s)), size)
		k.B = binary.AppendUvarint(append(k.B, tagNew), uint64(len(s)))
		return false
	}
	if !k.reference(unsafe.Pointer(unsafe.SliceData(s)), size, len(s), (*[]E)(nil)) {
		return false
	}
	k.B = binary.AppendUvarint(k.B, uint64(len(s)))
	return true
}

// reference appends the tag of a reference that is not nil.
func (k *Keyer) reference(at unsafe.Pointer, size uintptr, length int, typ any) bool {
	i, s := k.alias.enter(at, size, length, typ)
	switch s {
	case unseen:
		k.B = append(k.B, tagNew)
		return true
	case seen:
		k.B = binary.AppendUvarint(append(k.B, tagSeen), uint64(i))
	}
	return false
}

// KeyMap appends the key of m, entries sorted by the keys of their keys. Two
// entries whose keys have one key (NaN) cannot be sorted: then m has no key.
func KeyMap[K comparable, V any](k *Keyer, m map[K]V, key func([]byte, *K) []byte, value func(*Keyer, *V)) {
	if m == nil {
		k.B = append(k.B, tagNil)
		return
	}
	if !k.reference(mapPointer(m), 1, len(m), (*map[K]V)(nil)) {
		return
	}
	k.B = binary.AppendUvarint(k.B, uint64(len(m)))
	entries := sortedEntries(m, key)
	for i, e := range entries {
		if i > 0 && bytes.Equal(entries[i-1].key, e.key) {
			k.Fail()
			break
		}
		k.B = append(k.B, e.key...)
		value(k, &e.value)
	}
	k.alias.leave()
}

// KeyPlainMap appends the key of m, whose keys hold no floats and whose values no references.
func KeyPlainMap[K comparable, V any](b []byte, m map[K]V, key func([]byte, *K) []byte, value func([]byte, *V) []byte) []byte {
	b = KeyLen(b, len(m), m == nil)
	for _, e := range sortedEntries(m, key) {
		b = append(b, e.key...)
		b = value(b, &e.value)
	}
	return b
}

type entry[V any] struct {
	key   []byte
	value V
}

func sortedEntries[K comparable, V any](m map[K]V, key func([]byte, *K) []byte) []entry[V] {
	entries := make([]entry[V], 0, len(m))
	var buf []byte
	for k, v := range m {
		from := len(buf)
		buf = key(buf, &k)
		entries = append(entries, entry[V]{key: buf[from:len(buf):len(buf)], value: v})
	}
	slices.SortFunc(entries, func(x, y entry[V]) int { return bytes.Compare(x.key, y.key) })
	return entries
}

// mapPointer returns what tells m from every other map.
func mapPointer[K comparable, V any](m map[K]V) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&m))
}
