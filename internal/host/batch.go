package host

// Log lines in batches: a system call for each request would cost more than many requests do.

import (
	"io"
	"sync"
	"time"
)

const (
	batchBytes = 64 << 10               // lines held back at most
	batchDelay = 100 * time.Millisecond // and for how long
)

// A batch holds request lines back for a moment. Whatever slog writes goes out at once, with the lines
// before it. A process that is killed loses at most batchDelay of request lines.
type batch struct {
	to    io.Writer
	mu    sync.Mutex
	lines []byte
	armed bool
}

// Write writes a line at once.
func (b *batch) Write(line []byte) (int, error) {
	b.add(line, true)
	return len(line), nil
}

// add adds a line and writes all there are if now is set or there are many.
func (b *batch) add(line []byte, now bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line...)
	switch {
	case now || len(b.lines) >= batchBytes:
		b.write()
	case !b.armed:
		b.armed = true
		time.AfterFunc(batchDelay, b.flush)
	}
}

func (b *batch) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.armed = false
	b.write()
}

// write hands the lines on. A log that cannot be written has nobody to be told.
func (b *batch) write() {
	if len(b.lines) > 0 {
		_, _ = b.to.Write(b.lines)
		b.lines = b.lines[:0]
	}
}
