package main

// The demo's child processes.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// processes are stopped together, the last one started first.
type processes struct {
	running []*process
}

// A process is a server that the demo has started.
type process struct {
	*os.Process
	url    string        // where it listens
	exited chan struct{} // closed when it has
}

// Bounds on how long a process may take to say what it is waited for, and to end, and on how
// much it may say before.
const (
	startWithin = 20 * time.Second
	stopWithin  = 30 * time.Second
	maxLines    = 100
)

// start runs a program until the demo ends, and waits for the line of its log that matches ready.
// The log goes into a file.
func (p *processes) start(ctx context.Context, log string, cmd *exec.Cmd, ready *regexp.Regexp) (*process, string, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, "", err
	}
	out, err := cmd.StderrPipe()
	if err != nil {
		return nil, "", errors.Join(err, file.Close())
	}
	if err := cmd.Start(); err != nil {
		return nil, "", errors.Join(err, file.Close())
	}
	child := &process{Process: cmd.Process, exited: make(chan struct{})}
	p.running = append(p.running, child)
	found, last := make(chan string, 1), ""
	go func() {
		lines := bufio.NewReader(io.TeeReader(out, file))
		for range maxLines {
			line, err := lines.ReadString('\n')
			if m := ready.FindString(line); m != "" {
				found <- m
				break
			}
			if err != nil {
				break
			}
			last = line
		}
		_, _ = io.Copy(file, lines) // an error means that it has ended
		_ = cmd.Wait()              // how it ended does not matter: what it did was looked at
		_ = file.Close()
		close(child.exited)
	}()
	select {
	case m := <-found:
		return child, m, nil
	case <-child.exited:
		return nil, "", fmt.Errorf("%s ended: %s", filepath.Base(cmd.Path), last)
	case <-time.After(startWithin):
		return nil, "", fmt.Errorf("%s does not get ready within %v; its log is %s", filepath.Base(cmd.Path), startWithin, log)
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

var listening = regexp.MustCompile(`http://[^\s"]+[0-9]`)

// serve starts a program that serves over HTTP.
func (p *processes) serve(ctx context.Context, log string, env []string, program string, args ...string) (*process, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), env...)
	child, url, err := p.start(ctx, log, cmd, listening)
	if err != nil {
		return nil, err
	}
	child.url = url
	return child, nil
}

// end stops one process and waits for it.
func (p *process) end(signal os.Signal) {
	_ = p.Signal(signal) // an error means that it has ended already
	select {
	case <-p.exited:
	case <-time.After(stopWithin):
		_ = p.Kill()
		<-p.exited
	}
}

// stop ends all processes.
func (p *processes) stop() {
	for i := len(p.running) - 1; i >= 0; i-- {
		p.running[i].end(syscall.SIGTERM)
	}
}

// free returns addr, or any free port of this machine if something else listens there.
func free(addr string) string {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Printf("Something else listens on %s: the planned service takes another port.\n", addr)
		return "localhost:0"
	}
	ln.Close()
	return addr
}
