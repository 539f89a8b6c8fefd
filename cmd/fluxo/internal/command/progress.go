package command

// Progress of what takes a while: lines in a log; on a terminal the present line and the time that has gone
// by, in one place.

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// isTerminal reports whether somebody sits at what is read or written.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// A progress tells people how far a command has come.
type progress struct {
	out   io.Writer
	live  bool
	stop  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex
	began time.Time
	now   string
	wrote time.Time // to a log
}

// newProgress begins. end ends it.
func newProgress(out io.Writer) *progress {
	p := &progress{out: out, live: isTerminal(out), began: time.Now(), wrote: time.Now(), stop: make(chan struct{})}
	if p.live {
		p.ended.Go(p.tick)
	}
	return p
}

// tell says what is being done.
func (p *progress) tell(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = what
	if p.live {
		p.draw()
		return
	}
	p.log(what)
}

// logGap is the least time between two lines in a log about what only passes by.
const logGap = 5 * time.Second

// pass is tell for one of many steps: not all of them are of interest to a log.
func (p *progress) pass(what string) {
	p.mu.Lock()
	skip := !p.live && time.Since(p.wrote) < logGap
	p.mu.Unlock()
	if !skip {
		p.tell(what)
	}
}

func (p *progress) log(what string) {
	p.wrote = time.Now()
	fmt.Fprintf(p.out, "  %s\n", what)
}

// tick shows that time goes by.
func (p *progress) tick() {
	t := time.NewTicker(time.Second / 4)
	defer t.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-t.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
		}
	}
}

// draw writes the present line over the one before.
func (p *progress) draw() {
	width := 80
	if w, _, err := term.GetSize(int(p.out.(*os.File).Fd())); err == nil && w > 0 {
		width = w
	}
	line := []rune(fmt.Sprintf("%4.0fs  %s", time.Since(p.began).Seconds(), p.now))
	fmt.Fprintf(p.out, "\r\x1b[K%s", string(line[:min(len(line), width-1)]))
}

// end leaves the place to what comes next.
func (p *progress) end() {
	close(p.stop)
	p.ended.Wait()
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// A lines passes on what is written to it, line by line, up to its bounds.
type lines struct {
	tell func(string)
	rest []byte
	n    int
	tail []string // the last ones, for who has not seen them
	died string   // how a Go program says why it ends
}

// maxTail is how many of the last lines are kept.
const maxTail = 40

func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 && len(l.rest) <= maxPlannerLine {
			return len(b), nil
		}
		if i < 0 {
			i = maxPlannerLine
		}
		l.line(l.rest[:i])
		l.rest = append(l.rest[:0], l.rest[min(i+1, len(l.rest)):]...)
	}
}

// end passes on what has no end of a line.
func (l *lines) end() {
	if len(l.rest) > 0 {
		l.line(l.rest)
		l.rest = nil
	}
}

func (l *lines) line(b []byte) {
	text := printable(string(b))
	if text == "" {
		return
	}
	l.tail = append(l.tail[max(0, len(l.tail)+1-maxTail):], text)
	if l.died == "" && (strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ")) {
		l.died = text
	}
	if l.n++; l.n <= maxPlannerLines {
		l.tell(text)
	}
}

// why says why the process that wrote all this has failed.
func (l *lines) why() string {
	l.end()
	switch {
	case l.died != "":
		return l.died
	case len(l.tail) > 0:
		return l.tail[len(l.tail)-1]
	}
	return "it says nothing"
}

// printable is text without what a terminal would take for a command.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s))
}
