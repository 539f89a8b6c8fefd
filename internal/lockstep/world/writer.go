package world

// The handle of a request.

import (
	"context"
	"fmt"
	"sync"
)

// A Writer is a request-scoped handle, like a ResponseWriter. One that is written to
// while somebody looks at it says so.
type Writer struct {
	Lines []string
	Lock  sync.Mutex // held by nobody: tasks of a simulated world take turns
	busy  int
}

// Write appends a line.
func (w *Writer) Write(s string) {
	if w.busy > 0 {
		s += " (disturbed)"
	}
	w.Lines = append(w.Lines, s)
}

// Count returns the number of lines.
func (w *Writer) Count() int { return len(w.Lines) }

// Peek asks a source, and says how much was written when the answer has come.
func Peek(ctx context.Context, w *Writer, k int) (Rec, error) {
	w.busy++
	defer func() { w.busy-- }()
	r, err := present.ask(ctx, Source{Name: "Peek", K: k}).rec()
	if err == nil {
		r.S += fmt.Sprint(" after ", len(w.Lines))
	}
	return r, err
}
