package recorded

// Files of requests.

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// format begins a file.
const format = "fluxo requests 1"

// A Head is the first line of a file.
type Head struct {
	Format  string    `json:"format"`
	Service string    `json:"service"` // import path of its main package
	Began   time.Time `json:"began"`   // what the times of requests count from
}

// A Writer writes a file, request by request. Its methods must not be called at the same time.
type Writer struct{ enc *json.Encoder }

// NewWriter begins a file.
func NewWriter(w io.Writer, service string, began time.Time) (*Writer, error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Writer{enc}, enc.Encode(Head{format, service, began})
}

// Add writes a request.
func (w *Writer) Add(r *Request) error { return w.enc.Encode(r) }

// maxLine bounds a line of a file, in bytes.
const maxLine = 4 << 20

// Read reads a file: its head, and its requests in the order in which they came, while the file has them in that of their
// answers. Of a file that was cut off it returns what comes before, with an error.
func Read(r io.Reader) (h Head, all []*Request, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	if !in.Scan() {
		return h, nil, errors.Join(errors.New("this is no record of requests: it is empty"), in.Err())
	}
	if err := json.Unmarshal(in.Bytes(), &h); err != nil || h.Format != format {
		return h, nil, fmt.Errorf("this is no record of requests: its first line has no %q in it", format)
	}
	for line := 2; in.Scan(); line++ {
		q := &Request{}
		if bad := json.Unmarshal(in.Bytes(), q); bad != nil {
			err = fmt.Errorf("line %d is no request: %w", line, bad)
			break
		}
		all = append(all, q)
	}
	slices.SortStableFunc(all, func(a, b *Request) int { return cmp.Compare(a.At, b.At) })
	return h, all, errors.Join(err, in.Err())
}
