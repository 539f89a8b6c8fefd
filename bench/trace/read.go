package trace

// Readers of the real traces' file formats.

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ulikunitz/xz"
)

// maxRequests bounds a trace: about twice the longest in use.
const maxRequests = 10_000_000

// open returns the decompressed content of a .gz or .xz file.
func open(path string) (io.Reader, func(), error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	done := func() { f.Close() }
	var r io.Reader
	if strings.HasSuffix(path, ".xz") {
		r, err = xz.NewReader(bufio.NewReader(f))
	} else {
		r, err = gzip.NewReader(f)
	}
	if err != nil {
		done()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return bufio.NewReaderSize(r, 1<<20), done, nil
}

// readKeys reads big-endian 32-bit keys, without clock or client.
func readKeys(path string) (*Trace, error) {
	r, done, err := open(path)
	if err != nil {
		return nil, err
	}
	defer done()
	keys := make(numbering[uint32])
	t := &Trace{Clients: 1}
	var b [4]byte
	for len(t.Requests) < maxRequests {
		if _, err := io.ReadFull(r, b[:]); err == io.EOF {
			t.Keys = len(keys)
			return t, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: key %d: %w", path, len(t.Requests), err)
		}
		t.Requests = append(t.Requests, Request{Key: keys.of(binary.BigEndian.Uint32(b[:]))})
	}
	return nil, fmt.Errorf("%s: more than %d requests", path, maxRequests)
}

// A line is what the readers of logs take from one line of theirs.
type line struct {
	at          time.Duration // after any fixed instant
	client, url string
	size        int64
}

// readLog reads a log; parse says false of a line that is not a request.
func readLog(path string, parse func(string) (line, bool)) (*Trace, error) {
	r, done, err := open(path)
	if err != nil {
		return nil, err
	}
	defer done()
	urls, clients := make(numbering[string]), make(numbering[string])
	t := &Trace{}
	var first, last time.Duration
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		l, ok := parse(in.Text())
		if !ok {
			continue
		}
		if len(t.Requests) == 0 {
			first = l.at
		}
		last = max(last, l.at-first) // logs are written when a request ends: now and then one goes back
		t.Requests = append(t.Requests, Request{
			At: last, Key: urls.of(l.url), Client: clients.of(l.client), Size: int32(min(l.size, 1<<31-1)),
		})
		if len(t.Requests) > maxRequests {
			return nil, fmt.Errorf("%s: more than %d requests", path, maxRequests)
		}
	}
	t.Keys, t.Clients = len(urls), len(clients)
	return t, in.Err()
}

// readEPA reads lines like
//
//	host [29:23:53:25] "GET /Software.html HTTP/1.0" 200 1497
func readEPA(path string) (*Trace, error) {
	return readLog(path, func(s string) (line, bool) {
		client, rest, ok1 := strings.Cut(s, " [")
		when, rest, ok2 := strings.Cut(rest, "] ")
		if !ok1 || !ok2 {
			return line{}, false
		}
		var at time.Duration
		for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
			parts := strings.Split(when, ":")
			if len(parts) != 4 {
				return line{}, false
			}
			n, err := strconv.Atoi(parts[i])
			if err != nil {
				return line{}, false
			}
			at += time.Duration(n) * unit
		}
		url, size, ok := request(rest)
		return line{at, client, url, size}, ok
	})
}

// readNginx reads lines of nginx's combined log format.
func readNginx(path string) (*Trace, error) {
	epoch := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	return readLog(path, func(s string) (line, bool) {
		client, rest, ok1 := strings.Cut(s, " - - [")
		when, rest, ok2 := strings.Cut(rest, "] ")
		if !ok1 || !ok2 {
			return line{}, false
		}
		at, err := time.Parse("02/Jan/2006:15:04:05 -0700", when)
		if err != nil {
			return line{}, false
		}
		url, size, ok := request(rest)
		return line{at.Sub(epoch), client, url, size}, ok
	})
}

// request takes the URL and the size from `"GET /x HTTP/1.1" 200 1234 …`.
func request(s string) (url string, size int64, ok bool) {
	end := strings.LastIndex(s, `" `)
	if i := strings.Index(s, `" "`); i > 0 { // nginx goes on with referrer and agent
		end = strings.LastIndex(s[:i], `" `)
	}
	if end < 1 || s[0] != '"' {
		return "", 0, false
	}
	words := strings.Fields(s[1:end])
	if len(words) < 2 {
		return "", 0, false
	}
	after := strings.Fields(s[end+2:])
	if len(after) >= 2 {
		size, _ = strconv.ParseInt(after[1], 10, 64) // "-": no body
	}
	return words[1], size, true
}
