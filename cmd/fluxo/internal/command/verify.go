package command

// fluxo verify.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	requests "fluxo.dev/fluxo/cmd/fluxo/internal/replay"
	"fluxo.dev/fluxo/rt/control"
)

const verifyHelp = `Verify looks for requests that a plan answers as the source could not have: it builds a service, starts it,
and sends it requests in their order, with its clock moved along. Each is run under the plan, and then again as
written, one call after another, with the results that the steps had under the plan: those that are no older than
the steps declare. Writes and effects are done once.

	fluxo verify -trace day.trace ./weather           the requests of fluxo record -values -o day.trace
	fluxo verify -requests FILE ./weather             those of a file that it wrote, or of a list
	fluxo verify -requests FILE -plan FILE ./weather  another plan than the one beside the main package

A list has a line for each request, "SECONDS METHOD URL", such as "12.5 GET /weather/10001". What the service needs in its
environment, upstream services included, has to be there. It exits with 1 if there is a difference.

A flow that is given a handle, such as a http.ResponseWriter, cannot be run twice and is not verified. Records have no
credentials, so that requests behind a login are refused. Both are told, and which flows no request came to.`

func runVerify(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("verify", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("verify", "plan", "trace", "requests"); err != nil {
		return err
	}
	file, _ := args.get("requests")
	if trace, given := args.get("trace"); given && file == "" {
		file = trace + requestsSuffix
	}
	if file == "" {
		return usageError("which requests? -trace FILE names a recording of fluxo record -values, and -requests FILE a file with a line for each, such as: 12.5 GET /weather/10001")
	}
	all, err := requestsOf(c, file)
	if err != nil {
		return err
	}
	planFile, _ := args.get("plan")
	var text []byte
	if planFile != "" {
		if text, err = os.ReadFile(planFile); err != nil {
			return err
		}
	}
	args.drop("plan", "trace", "requests")
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "fluxo-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := startService(ctx, c, args, dir)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.begin(ctx, planFile, text); err != nil {
		return err
	}
	sent, err := s.send(ctx, c, all)
	if err != nil {
		return err
	}
	return s.conclude(ctx, c, sent)
}

// requestsOf reads the requests to be sent. Those before the place where a record was cut off count; in a list, which
// somebody wrote, a bad line is an error.
func requestsOf(c console, file string) (all []*requests.Request, err error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	for q, err := range requests.Read(file, in) {
		var cut *requests.CutError
		if errors.As(err, &cut) {
			fmt.Fprintf(c.err, "warning: %v; the requests before it count (%d)\n", err, len(all))
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

// send sends all requests as fast as they are answered.
func (s *started) send(ctx context.Context, c console, all []*requests.Request) (*requests.Outcome, error) {
	pr := newProgress(c.err)
	defer pr.end()
	return requests.Send(ctx, func(yield func(*requests.Request, error) bool) {
		for _, q := range all {
			if !yield(q, nil) {
				return
			}
		}
	}, requests.Options{To: s.url, Speed: 1, From: math.MaxInt64, Warm: s.advance, Tell: pr.pass})
}

// A started is a service that was built and started to be asked.
type started struct {
	*running
	url string
	cmd *exec.Cmd
	log *tail
}

// startService builds the service that a command line names, and starts it on a port of its own.
func startService(ctx context.Context, c console, args *arguments, dir string) (*started, error) {
	p, err := compileArguments(ctx, c, "run", args, lenientPlans)
	if err != nil {
		return nil, err
	}
	if len(p.args.packages) == 0 {
		p.args.packages = []string{"."}
	}
	if err := p.runnable(); err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "service"+p.env.GOEXE)
	build := *p
	build.args = p.args.clone()
	build.args.drop("o")
	build.args.set("o", binary)
	build.args.rest = nil
	if err := build.goCommand(ctx, c, "build"); err != nil {
		return nil, err
	}
	s := &started{running: &running{name: filepath.Base(p.args.packages[0]), socket: filepath.Join(dir, "socket")}, log: &tail{}}
	s.cmd = exec.Command(binary, "-addr", "localhost:0")
	s.cmd.Env = append(os.Environ(), control.Environment+"="+s.socket)
	out, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if s.url, err = s.log.listen(out); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// stop ends the service.
func (s *started) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt) // it may have ended
	_ = s.cmd.Wait()                       // how does not matter any more
}

// A tail is the end of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

// maxLogTail is how many lines of a log are kept.
const maxLogTail = 20

// listen reads a log until it says where the service listens, and keeps the end of it from then on.
func (l *tail) listen(log io.Reader) (string, error) {
	in := bufio.NewReader(log)
	for {
		line, err := in.ReadBytes('\n')
		l.add(string(line))
		var said struct{ URL string }
		if json.Unmarshal(line, &said) == nil && said.URL != "" {
			go func() {
				for {
					line, err := in.ReadString('\n')
					l.add(line)
					if err != nil {
						return
					}
				}
			}()
			return said.URL, nil
		}
		if err != nil {
			return "", fmt.Errorf("the service ended before it listened:\n%s", l)
		}
	}
}

func (l *tail) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines = append(l.lines, line); len(l.lines) > maxLogTail {
		l.lines = l.lines[1:]
	}
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := ""
	for _, line := range l.lines {
		text += "  " + line
	}
	return text
}

// begin has requests verified from now on, under the plan in text if there is one.
func (s *started) begin(ctx context.Context, name string, text []byte) error {
	if text != nil {
		if _, err := s.change(ctx, "/plan", url.Values{"name": {name}}, bytes.NewReader(text)); err != nil {
			return err
		}
	}
	body, err := s.ask(ctx, http.MethodPost, "/verify", nil)
	if err != nil {
		return err
	}
	return body.Close()
}

// advance moves the service's clock.
func (s *started) advance(ctx context.Context, by time.Duration) error {
	body, err := s.ask(ctx, http.MethodPost, "/clock?ahead="+by.String(), nil)
	if err != nil {
		return err
	}
	return body.Close()
}
