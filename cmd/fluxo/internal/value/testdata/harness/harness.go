// Package harness holds emitted keys and copiers against a description of
// values that is made by reflection and knows nothing of emitted code.
package harness

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"reflect"
)

// A Subject is one type under test.
type Subject struct {
	Name string
	New  func() any // the frame
	Ptr  func(frame any) any
	Key  func(b []byte, vars any) ([]byte, bool)
	Save func(vars any) (any, int, bool)
	Load func(vars any, saved any)
}

var subjects []Subject

// Add registers a type.
func Add(s Subject) { subjects = append(subjects, s) }

// sample is one value with what must be true of it.
type sample struct {
	frame any
	text  string
	key   []byte
}

// Run tries every subject with n values each.
func Run(seed int64, n int) {
	failures, refused := 0, 0
	for _, s := range subjects {
		r := rand.New(rand.NewSource(seed))
		var all []sample
		for i := 0; i < n; i++ {
			g := &maker{rand: r}
			frame := s.New()
			v := reflect.ValueOf(s.Ptr(frame)).Elem()
			g.fill(v, 0)
			if len(all) > 0 && r.Intn(3) == 0 {
				// Equal values are rare by chance: copy one and perhaps change a little.
				frame = s.New()
				v = reflect.ValueOf(s.Ptr(frame)).Elem()
				twin := &twins{of: map[memory]reflect.Value{}}
				v.Set(twin.copy(reflect.ValueOf(s.Ptr(all[r.Intn(len(all))].frame)).Elem()))
				if r.Intn(2) == 0 {
					g.nudge(v)
				}
			}
			text, ok, keyed := describe(v)
			key, keyOK := s.Key([]byte("prefix"), frame)
			saved, size, saveOK := s.Save(frame)
			switch {
			case keyOK != keyed || saveOK != ok:
				failures++
				fmt.Printf("%s: data %v, key %v, copy %v: %s\n", s.Name, ok, keyOK, saveOK, text)
				continue
			case !keyed:
				refused++
				continue
			case !bytes.HasPrefix(key, []byte("prefix")):
				failures++
				fmt.Printf("%s: the key does not extend the buffer\n", s.Name)
			case size <= 0 && reflect.TypeOf(s.Ptr(frame)).Elem().Size() > 0:
				failures++
				fmt.Printf("%s: size %d\n", s.Name, size)
			}
			failures += s.checkCopy(v, text, key, saved)
			all = append(all, sample{frame, text, key})
		}
		failures += s.compare(all)
		if failures > 20 {
			break
		}
	}
	fmt.Printf("%d types, %d values refused, %d failures\n", len(subjects), refused, failures)
	if failures > 0 {
		os.Exit(1)
	}
}

// checkCopy: a loaded copy describes alike, has the same key, and neither it
// nor what is kept shares memory with anything.
func (s Subject) checkCopy(v reflect.Value, text string, key []byte, saved any) (failures int) {
	first, second := s.New(), s.New()
	s.Load(first, saved)
	s.Load(second, saved)
	a, b := reflect.ValueOf(s.Ptr(first)).Elem(), reflect.ValueOf(s.Ptr(second)).Elem()
	if got, _, _ := describe(a); got != text {
		failures++
		fmt.Printf("%s: copy differs:\n  %s\n  %s\n", s.Name, text, got)
	}
	if k, ok := s.Key([]byte("prefix"), first); !ok || !bytes.Equal(k, key) {
		failures++
		fmt.Printf("%s: the copy has another key: %s\n", s.Name, text)
	}
	values := []reflect.Value{v, reflect.ValueOf(saved).Elem(), a, b}
	for i := range values {
		for j := range i {
			if at := shared(values[i], values[j]); at != "" {
				failures++
				fmt.Printf("%s: values %d and %d share %s: %s\n", s.Name, i, j, at, text)
			}
		}
	}
	return failures
}

// compare: equal descriptions if and only if equal keys, and no key begins another.
func (s Subject) compare(all []sample) (failures int) {
	for i := range all {
		for j := range i {
			a, b := all[i], all[j]
			if (a.text == b.text) != bytes.Equal(a.key, b.key) {
				failures++
				fmt.Printf("%s: keys %x and %x for\n  %s\n  %s\n", s.Name, a.key, b.key, a.text, b.text)
			}
			if a.text != b.text && (bytes.HasPrefix(a.key, b.key) || bytes.HasPrefix(b.key, a.key)) {
				failures++
				fmt.Printf("%s: one key begins another:\n  %s\n  %s\n", s.Name, a.text, b.text)
			}
		}
	}
	return failures
}
