// Package codec holds the codecs that a program declares with fluxo.Codec, by type.
package codec

import (
	"fmt"
	"reflect"
	"sync"
)

// A Codec encodes values of T canonically and decodes them.
type Codec[T any] struct {
	Encode func(T) ([]byte, error)
	Decode func([]byte) (T, error)
}

var codecs sync.Map // reflect.Type of T → *Codec[T]; bounded by the program's declarations

// Register declares the codec of T.
func Register[T any](encode func(T) ([]byte, error), decode func([]byte) (T, error)) {
	t := reflect.TypeFor[T]()
	if encode == nil || decode == nil {
		panic(fmt.Sprintf("fluxo.Codec[%v]: encode and decode must not be nil", t))
	}
	if _, twice := codecs.LoadOrStore(t, &Codec[T]{encode, decode}); twice {
		panic(fmt.Sprintf("fluxo.Codec[%v]: declared twice", t))
	}
}

// For returns the codec of T, nil if none is declared.
func For[T any]() *Codec[T] {
	c, _ := codecs.Load(reflect.TypeFor[T]())
	found, _ := c.(*Codec[T])
	return found
}
