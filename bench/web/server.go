package web

// A server under measurement: a process of its own on a loopback port.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"fluxo.dev/fluxo/bench/command"
)

// A server is a running service.
type server struct {
	cmd      *exec.Cmd
	addr     string
	requests int // answered so far
}

// start starts a program and waits until it says where it listens.
func start(program string, args ...string) (*server, error) {
	cmd := command.In(".", program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(log)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			_ = cmd.Process.Kill()
			return nil, errors.Join(fmt.Errorf("%s ended before it listened", program), cmd.Wait())
		}
		var said struct{ URL string }
		if json.Unmarshal(line, &said) == nil && said.URL != "" {
			go io.Copy(io.Discard, lines) // as a collector of logs would, and cheaper
			return &server{cmd: cmd, addr: strings.TrimPrefix(said.URL, "http://")}, nil
		}
	}
}

// stop ends the server and returns the processor time that a request took it.
func (s *server) stop() (time.Duration, error) {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, err
	}
	used := s.cmd.ProcessState
	return (used.UserTime() + used.SystemTime()) / time.Duration(max(1, s.requests)), nil
}
