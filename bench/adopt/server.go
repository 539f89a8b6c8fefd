package adopt

// A running shop.

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Bounds on how long the shop may take to listen, and to end.
const (
	startWithin = 30 * time.Second
	stopWithin  = 15 * time.Second
)

// sessionKey is the key that the shop signs session cookies with.
const sessionKey = "bench"

// A Server is a shop that runs as a process, on a database of its own.
type Server struct {
	URL string

	dir    string // database and log
	cmd    *exec.Cmd
	exited chan struct{} // closed when it has
}

var listening = regexp.MustCompile(`msg=listening addr=(\S+)`)

// Start starts a shop and waits until it listens.
func Start(program string) (*Server, error) {
	dir, err := os.MkdirTemp("", "fluxo-shop-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, exited: make(chan struct{})}
	if err := s.start(program); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := s.await(); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(program string) error {
	log, err := os.Create(s.log())
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(program, "-addr", "127.0.0.1:0", "-db", filepath.Join(s.dir, "shop.db"))
	s.cmd.Env = append(os.Environ(), "SHOP_KEY="+sessionKey)
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is in its log
		close(s.exited)
	}()
	return nil
}

func (s *Server) log() string { return filepath.Join(s.dir, "log") }

// await reads the log until it says where the shop listens.
func (s *Server) await() error {
	deadline := time.After(startWithin)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(s.log())
		if err != nil {
			return err
		}
		if m := listening.FindSubmatch(text); m != nil {
			s.URL = "http://" + string(m[1])
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("%s ended:\n%s", s.cmd.Path, text)
		case <-deadline:
			return fmt.Errorf("%s does not listen after %v:\n%s", s.cmd.Path, startWithin, text)
		case <-tick.C:
		}
	}
}

// Stop ends the shop and removes its database.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // an error means that it has ended already
	select {
	case <-s.exited:
	case <-time.After(stopWithin):
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
	os.RemoveAll(s.dir)
}
