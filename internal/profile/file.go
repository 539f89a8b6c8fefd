package profile

// Traces as streams of bytes: what goes from a service to who records it. Behind the head and behind each run stands a checksum of all bytes
// before it, so that what was damaged is not taken for what a service did.

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// format begins a stream.
const (
	formatName = "fluxo trace "
	format     = formatName + "5"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A summedWriter sums up what is written.
type summedWriter struct {
	to  io.Writer
	sum uint32
}

func (w *summedWriter) Write(b []byte) (int, error) {
	w.sum = crc32.Update(w.sum, castagnoli, b)
	return w.to.Write(b)
}

// A summedReader sums up what is read. That it reads bytes, too, keeps package gob from reading ahead.
type summedReader struct {
	from *bufio.Reader
	sum  uint32
	n    int64
}

func (r *summedReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	r.sum, r.n = crc32.Update(r.sum, castagnoli, b[:n]), r.n+int64(n)
	return n, err
}

func (r *summedReader) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(r, b[:])
	return b[0], err
}

// A Writer writes a trace to a stream, run by run. Its methods must not be called at the same time.
type Writer struct {
	to  *summedWriter
	enc *gob.Encoder
}

// NewWriter begins a stream with all of t but its runs.
func NewWriter(w io.Writer, t *Trace) (*Writer, error) {
	to := &summedWriter{to: w}
	out := &Writer{to, gob.NewEncoder(to)}
	head := *t
	head.Runs = nil
	if err := errors.Join(out.enc.Encode(format), out.add(&head)); err != nil {
		return nil, fmt.Errorf("begin a trace: %w", err)
	}
	return out, nil
}

// Add writes a run.
func (w *Writer) Add(r *Run) error { return w.add(r) }

func (w *Writer) add(v any) error {
	if err := w.enc.Encode(v); err != nil {
		return err
	}
	return w.enc.Encode(w.to.sum)
}

// A Reader reads a trace from a stream, run by run.
type Reader struct {
	from *summedReader
	dec  *gob.Decoder
	head *Trace
	runs int
}

// IsTrace reports whether a stream begins as a trace does, of whatever version of Fluxo.
func IsTrace(r io.Reader) bool {
	var begin string
	return gob.NewDecoder(r).Decode(&begin) == nil && strings.HasPrefix(begin, formatName)
}

// NewReader reads the head of a stream.
func NewReader(r io.Reader) (*Reader, error) {
	from := &summedReader{from: bufio.NewReader(r)}
	in := &Reader{from: from, dec: gob.NewDecoder(from), head: &Trace{}}
	var begin string
	switch err := in.dec.Decode(&begin); {
	case err == nil && begin != format && strings.HasPrefix(begin, formatName):
		return nil, fmt.Errorf("this is a %q and not a %q: it is of another version of fluxo; record it anew, from a service built with this one", begin, format)
	case err != nil || begin != format:
		return nil, fmt.Errorf("this is no trace: it does not begin with %q; fluxo record makes one", format)
	}
	if err := in.dec.Decode(in.head); err != nil {
		return nil, fmt.Errorf("the trace's head cannot be read (%w): the file was cut off or damaged; use another copy, or record anew", err)
	}
	if err := in.check(); err != nil {
		return nil, fmt.Errorf("the trace is damaged: its head is not as it was written (%w); use another copy, or record anew", err)
	}
	return in, nil
}

var errSum = errors.New("the checksum is another one")

// check reads the checksum of what was read.
func (r *Reader) check() error {
	sum, written := r.from.sum, uint32(0)
	switch err := r.dec.Decode(&written); {
	case err != nil:
		return err
	case sum != written:
		return errSum
	}
	return nil
}

// Head returns the trace without its runs.
func (r *Reader) Head() *Trace { return r.head }

// Next returns the next run; io.EOF behind the last.
func (r *Reader) Next() (*Run, error) {
	run, before := &Run{}, r.from.n
	err := r.dec.Decode(run)
	if errors.Is(err, io.EOF) && r.from.n == before {
		return nil, io.EOF
	}
	if err == nil {
		err = r.check()
	}
	if errors.Is(err, io.EOF) { // which tells readers that all is well
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("the trace cannot be read behind run %d: %w", r.runs, err)
	}
	r.runs++
	return run, nil
}

// Read reads a stream to its end. Of one that is cut off it returns what comes before, with
// an error.
func Read(r io.Reader) (*Trace, error) {
	in, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	t := in.Head()
	for {
		switch run, err := in.Next(); {
		case err == io.EOF:
			return t, nil
		case err != nil:
			return t, err
		default:
			t.Runs = append(t.Runs, run)
		}
	}
}
