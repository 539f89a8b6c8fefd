package codec

// Codecs of types that are known at run time only.

import (
	"fmt"
	"reflect"
)

// A Dynamic is a Codec[T] without its T. The pointers are *T.
type Dynamic interface {
	// EncodeAt encodes the value that pointer points to.
	EncodeAt(pointer any) ([]byte, error)
	// CloneAt replaces that value by a copy that shares no memory with it, and
	// returns the size of its encoded form.
	CloneAt(pointer any) (size int, err error)
}

// Of returns the codec of t, nil if none is declared.
func Of(t reflect.Type) Dynamic {
	c, _ := codecs.Load(t)
	found, _ := c.(Dynamic)
	return found
}

// EncodeAt implements Dynamic.
func (c *Codec[T]) EncodeAt(pointer any) ([]byte, error) { return c.Encode(*pointer.(*T)) }

// CloneAt implements Dynamic.
func (c *Codec[T]) CloneAt(pointer any) (int, error) {
	v := pointer.(*T)
	encoded, err := c.Encode(*v)
	if err != nil {
		return 0, err
	}
	if *v, err = c.Decode(encoded); err != nil {
		return 0, fmt.Errorf("fluxo.Codec[%v] cannot decode what it encoded: %w", reflect.TypeFor[T](), err)
	}
	return len(encoded), nil
}
