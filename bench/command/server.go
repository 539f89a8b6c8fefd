package command

// A server under measurement: a process of its own on a loopback port.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// A Server is a running one.
type Server struct {
	Addr string // host:port
	cmd  *exec.Cmd
}

var listens = regexp.MustCompile(`http://([^\s"/]+:[0-9]+)`)

// maxLines bounds what a server may say before it says where it listens.
const maxLines = 100

// Start starts a program, with more in its environment, and waits until it says in its log where it listens.
func Start(env []string, program string, args ...string) (*Server, error) {
	cmd := In(".", program, args...)
	cmd.Env = append(cmd.Env, env...)
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(log)
	said := ""
	for range maxLines {
		line, err := lines.ReadString('\n')
		if m := listens.FindStringSubmatch(line); m != nil {
			go io.Copy(io.Discard, lines) // as a collector of logs would, and cheaper
			return &Server{Addr: m[1], cmd: cmd}, nil
		}
		said += line
		if err != nil {
			break
		}
	}
	_ = cmd.Process.Kill() // an error means that it has ended
	return nil, errors.Join(fmt.Errorf("%s does not say where it listens:\n%s", filepath.Base(program), strings.TrimSpace(said)), cmd.Wait())
}

// PID is the server's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Kill ends the server at once.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // an error means that it has ended
	_ = s.cmd.Wait()         // that it was killed is known
}

// Stop ends the server in peace and returns the processor time that it took.
func (s *Server) Stop() (time.Duration, error) {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, err
	}
	used := s.cmd.ProcessState
	return used.UserTime() + used.SystemTime(), nil
}
