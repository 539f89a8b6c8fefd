package profile

// Where recorded runs come from: memory, or a stream that is read again each time, so that a
// trace need not fit into memory.

import (
	"fmt"
	"io"
	"iter"
)

// A Source has a trace's runs as often as they are asked for.
type Source interface {
	// Head returns the trace without its runs.
	Head() *Trace

	// Each goes through the runs. It ends with an error if they cannot be read.
	Each() iter.Seq2[*Run, error]
}

// Head returns t without its runs.
func (t *Trace) Head() *Trace {
	head := *t
	head.Runs = nil
	return &head
}

// Each goes through the runs of t.
func (t *Trace) Each() iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		for _, r := range t.Runs {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// A Stream is a source whose runs are read anew each time.
type Stream struct {
	head *Trace
	open func() (io.ReadCloser, error)
}

// NewStream returns the source of the stream that open opens. It reads its head.
func NewStream(open func() (io.ReadCloser, error)) (*Stream, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		return nil, err
	}
	return &Stream{r.Head(), open}, nil
}

// Head returns the trace without its runs.
func (s *Stream) Head() *Trace { return s.head }

// Each reads the runs. Of a stream that is cut off it has what comes before, and then an error.
func (s *Stream) Each() iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		f, err := s.open()
		if err != nil {
			yield(nil, fmt.Errorf("open the trace again: %w", err))
			return
		}
		defer f.Close()
		r, err := NewReader(f)
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			run, err := r.Next()
			if err == io.EOF || !yield(run, err) || err != nil {
				return
			}
		}
	}
}
