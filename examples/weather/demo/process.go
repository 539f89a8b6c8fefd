package main

// The demo's child processes.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// processes are stopped together, the last one started first.
type processes struct {
	running []process
}

type process struct {
	*os.Process
	exited chan struct{} // closed when it has
}

// Bounds on how long a process may take to listen, and to end.
const (
	startWithin = 20 * time.Second
	stopWithin  = 30 * time.Second
)

var urlPattern = regexp.MustCompile(`http://[^\s"]+[0-9]`)

// start runs a program, which says in a line of its log where it listens, and
// returns that URL. The log goes on into a file.
func (p *processes) start(ctx context.Context, log string, env []string, program string, args ...string) (url string, err error) {
	file, err := os.Create(log)
	if err != nil {
		return "", err
	}
	defer file.Close()
	program, err = filepath.Abs(program)
	if err != nil {
		return "", err
	}
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, file, file
	if err := cmd.Start(); err != nil {
		return "", err
	}
	exited := make(chan struct{})
	go func() { cmd.Wait(); close(exited) }()
	p.running = append(p.running, process{cmd.Process, exited})
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%s does not listen: %w", program, ctx.Err())
		case <-exited:
			return "", fmt.Errorf("%s ended: %s", program, lastLine(log))
		case <-tick.C:
			if url := findURL(log); url != "" {
				return url, nil
			}
		}
	}
}

// findURL looks for the line that says where a process listens.
func findURL(log string) string {
	file, err := os.Open(log)
	if err != nil {
		return ""
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if url := urlPattern.FindString(lines.Text()); url != "" {
			return url
		}
	}
	return ""
}

func lastLine(log string) string {
	data, err := os.ReadFile(log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return lines[len(lines)-1]
}

// stop ends all processes and waits for them.
func (p *processes) stop() {
	for i := len(p.running) - 1; i >= 0; i-- {
		child := p.running[i]
		_ = child.Signal(syscall.SIGTERM) // an error means that it has ended already
		select {
		case <-child.exited:
		case <-time.After(stopWithin):
			_ = child.Kill()
			<-child.exited
		}
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

// calls returns how many requests all providers have had.
func (d *demo) calls(ctx context.Context) (int, error) {
	total := 0
	for _, url := range d.providers {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/calls", nil)
		if err != nil {
			return 0, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		text, err := io.ReadAll(io.LimitReader(resp.Body, 100))
		resp.Body.Close()
		if err != nil {
			return 0, err
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return 0, fmt.Errorf("%s/calls: %w", url, err)
		}
		total += n
	}
	return total, nil
}
