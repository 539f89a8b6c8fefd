package command

// A terminal as one screen that is drawn again and again.

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// A screen is the terminal while a command draws on it: what stood there comes back afterwards.
type screen struct {
	in, out *os.File
	before  *term.State
	width   int
	height  int
	left    chan struct{} // closed when somebody leaves
	resized chan struct{}
	stop    chan struct{}
}

// terminalOf returns the file behind what a command prints on.
func terminalOf(out any) any {
	if p, ok := out.(*printed); ok {
		return p.w
	}
	return out
}

func openScreen(in, out any) (*screen, error) {
	s := &screen{in: in.(*os.File), out: out.(*os.File), left: make(chan struct{}), resized: make(chan struct{}, 1), stop: make(chan struct{})}
	var err error
	if s.before, err = term.MakeRaw(int(s.in.Fd())); err != nil {
		return nil, fmt.Errorf("the terminal cannot be drawn on: %w; fluxo top -once prints a table", err)
	}
	s.measure()
	fmt.Fprint(s.out, "\x1b[?1049h\x1b[?25l") // another screen, without a cursor
	go s.keys()
	go s.sizes()
	return s, nil
}

func (s *screen) close() {
	close(s.stop)
	fmt.Fprint(s.out, "\x1b[?25h\x1b[?1049l")
	_ = term.Restore(int(s.in.Fd()), s.before) // nothing better can be done
}

// keys waits for q, Ctrl-C, or the end of the input. It ends with the process.
func (s *screen) keys() {
	b := make([]byte, 16)
	for {
		n, err := s.in.Read(b)
		if err != nil || bytes.ContainsAny(b[:n], "qQ\x03\x04") {
			close(s.left)
			return
		}
	}
}

// sizes looks whether the terminal has another size: there is no signal for that on all systems.
func (s *screen) sizes() {
	t := time.NewTicker(time.Second / 5)
	defer t.Stop()
	width, height := s.width, s.height
	for {
		select {
		case <-s.stop:
			return
		case <-t.C:
			if w, h, err := term.GetSize(int(s.out.Fd())); err == nil && (w != width || h != height) {
				width, height = w, h
				select {
				case s.resized <- struct{}{}:
				default: // it is drawn soon anyway
				}
			}
		}
	}
}

func (s *screen) measure() {
	s.width, s.height = 80, 24
	if w, h, err := term.GetSize(int(s.out.Fd())); err == nil && w > 0 && h > 0 {
		s.width, s.height = w, h
	}
}

// draw shows lines, as far as there is room.
func (s *screen) draw(lines []string) {
	s.measure()
	var b bytes.Buffer
	b.WriteString("\x1b[H")
	if more := len(lines) - s.height; more > 0 {
		lines = append(lines[:s.height-1:s.height-1], fmt.Sprintf("… %d more lines", more+1))
	}
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		text := []rune(l)
		b.WriteString(string(text[:min(len(text), s.width)]) + "\x1b[K")
	}
	b.WriteString("\x1b[J")
	_, _ = s.out.Write(b.Bytes()) // a terminal that is gone ends the command by its input
}
