package replay

// Lists of requests that anybody can write: a line each, "SECONDS METHOD URL".

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxLine bounds a line of a list, in bytes.
const maxLine = 64 << 10

// maxSeconds bounds the time of a request since the first one: a hundred years.
const maxSeconds = 100 * 365 * 24 * 3600

// ReadList returns the requests of a list, such as "12.5 GET /weather/10001". Empty lines, and those that
// begin with #, say nothing. Times must not go back.
func ReadList(name string, r io.Reader) iter.Seq2[*Request, error] {
	return func(yield func(*Request, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		last := time.Duration(0)
		for n := 1; lines.Scan(); n++ {
			text := strings.TrimSpace(lines.Text())
			if text == "" || strings.HasPrefix(text, "#") {
				continue
			}
			q, err := parseLine(text)
			if err == nil && q.At < last {
				err = fmt.Errorf("it comes before the one above, at %v", last)
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s:%d: %w", name, n, err))
				return
			}
			last = q.At
			if !yield(q, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, fmt.Errorf("%s: %w", name, err))
		}
	}
}

func parseLine(text string) (*Request, error) {
	fields := strings.Fields(text)
	if len(fields) != 3 {
		return nil, fmt.Errorf("a request is written as 12.5 GET /path, not %.80q", text)
	}
	seconds, err := strconv.ParseFloat(fields[0], 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 || seconds > maxSeconds {
		return nil, fmt.Errorf("%.40q is no time in seconds since the first request", fields[0])
	}
	if fields[1] != strings.ToUpper(fields[1]) || !strings.HasPrefix(fields[2], "/") {
		return nil, fmt.Errorf("a request is written as 12.5 GET /path, not %.80q", text)
	}
	return &Request{At: time.Duration(seconds * float64(time.Second)), Method: fields[1], URL: fields[2], Header: http.Header{}}, nil
}
