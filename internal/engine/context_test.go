package engine

// Contexts of types that people make.

import (
	"context"
	"testing"
)

// A labelled context cannot be compared.
type labelled struct {
	context.Context
	labels []string
}

func TestContextsThatCannotBeCompared(t *testing.T) {
	var o origin
	c := labelled{t.Context(), []string{"a"}}
	first, second := o.context(c), o.context(c)
	plain := o.context(t.Context())
	if again := o.context(t.Context()); again != plain {
		t.Error("a context that can be compared is derived twice")
	}
	o.end()
	for _, d := range []context.Context{first, second, plain} {
		if d.Err() == nil {
			t.Error("a context outlives its origin")
		}
	}
}
