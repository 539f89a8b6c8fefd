package command

// fluxo record.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt/control"
)

const recordHelp = `Record writes requests of a running service to a file, for plan, simulate and explain:
when each came, what it ran and for how long, and which values were equal, by hashes. It has no values
in it. Of a service that runs under a plan it has what the requests would have run as written: the calls that
the plan makes answer for those that it spares. What the service kept before is asked for once more, four calls
at a time.

	fluxo run ./weather                               in another terminal, and send it requests
	fluxo record -for 10m -o day.trace                the service that runs here
	fluxo record -requests 500 -o day.trace weather   the one of that name, or process number; ends after 500
	fluxo record -values -o day.trace                 and the requests themselves, in day.trace.requests

With -values it keeps what is needed to send the requests again: method, address, some headers, and bodies up to 64 KiB that
are JSON or forms. It leaves out what is said to be secret: cookies, authorization and other headers, parameters and fields of
type fluxo.Secret, and those whose names say that they hold a password, a token, the number of a card or the like. It does
not recognise others: a secret in a path whose wildcard is not named like one, or inside another value.

Interrupted, it ends earlier and keeps what there is; so it does where the service ends, which is an error. It has to run as the user that the service runs as. A
service that "fluxo run" did not start listens for it if it is given FLUXO_CONTROL=on.`

// recordFor is how long is recorded if nothing is said.
const recordFor = "1m"

// requestsSuffix is what the name of a file of requests ends with, beside the trace.
const requestsSuffix = ".requests"

// A recorder is a recording under way.
type recorder struct {
	console
	service *running
	file    string
	wait    string
	most    int  // requests; 0 for no bound
	values  bool // the requests themselves are kept, too
}

func runRecord(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("record", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("record", "for", "o", "requests", "values"); err != nil {
		return err
	}
	r := &recorder{console: c, wait: recordFor, values: args.on("values")}
	if r.file, _ = args.get("o"); r.file == "" {
		return usageError("into which file? -o FILE names it")
	}
	if wait, given := args.get("for"); given {
		r.wait = wait
	}
	if d, err := time.ParseDuration(r.wait); err != nil || d <= 0 {
		return usageError(fmt.Sprintf("-for is a time like 90s or 10m, not %q", r.wait))
	}
	if text, given := args.get("requests"); given {
		if r.most, err = strconv.Atoi(text); err != nil || r.most < 1 {
			return usageError(fmt.Sprintf("-requests is a number from 1 on, not %q", text))
		}
	}
	if err := r.free(); err != nil {
		return err
	}
	if r.service, err = findRunning(args.packages); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	return r.record(ctx)
}

// free fails if a file is there already that would be written.
func (r *recorder) free() error {
	files := []string{r.file}
	if r.values {
		files = append(files, r.file+requestsSuffix)
	}
	for _, name := range files {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("%s is there already: give another name with -o, or remove it", name)
		}
	}
	return nil
}

// afterwards is how long requests may take to end whose flows have.
const afterwards = time.Second

// record writes what the service sends.
func (r *recorder) record(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	ended := make(chan error, 1)
	if r.values {
		requests, err := r.begin(ctx, "/requests", r.file+requestsSuffix)
		if err != nil {
			return err
		}
		go func() { ended <- r.requests(requests) }()
	}
	trace, err := r.begin(ctx, "/trace", r.file)
	switch {
	case err != nil && r.values:
		fmt.Fprintf(r.err, "no trace: %v\n", err)
		return <-ended // by the time or number of requests, or interrupted
	case err != nil:
		return err
	}
	fmt.Fprintf(r.err, "recording %s for %s\n", r.service.name, r.wait)
	err = r.runs(trace)
	if !r.values {
		return err
	}
	time.AfterFunc(afterwards, end)
	requests := <-ended
	if requests == nil && errors.Is(err, errNoRequest) {
		fmt.Fprintf(r.err, "no trace: requests came only to flows that cannot be recorded\n")
		return nil
	}
	if err != nil && requests != nil {
		fmt.Fprintf(r.err, "fluxo: %v\n", err) // as the other error is told, which ends the command
		return requests
	}
	return errors.Join(err, requests)
}

// A stream goes from the service into a file.
type stream struct {
	from    io.ReadCloser
	trailer http.Header // of what came, once that has ended
	file    file
	began   time.Time
}

type file interface {
	io.WriteCloser
	Name() string
}

func (r *recorder) begin(ctx context.Context, path, file string) (*stream, error) {
	resp, err := r.service.respond(ctx, http.MethodGet, path+"?for="+r.wait, nil)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Join(err, resp.Body.Close())
	}
	return &stream{resp.Body, resp.Trailer, f, time.Now()}, nil
}

var errNoRequest = errors.New("no request came: have the service used while it is recorded")

// end closes a file that has so many requests. What was written before an error can be used; a file without any is of no use
// to anybody.
func (r *recorder) end(s *stream, requests int, err error) error {
	s.from.Close()
	err = errors.Join(err, s.file.Close())
	switch {
	case requests == 0:
		if err == nil {
			err = errNoRequest
		}
		return fmt.Errorf("nothing was recorded, %s is removed: %w", s.file.Name(), errors.Join(err, os.Remove(s.file.Name())))
	case err != nil:
		return fmt.Errorf("recording ended early, with %s in %s, which can be used: %w", counted(requests, "request"), s.file.Name(), err)
	}
	fmt.Fprintf(r.err, "%s in %s\n", counted(requests, "request"), s.file.Name())
	if lost := s.trailer.Get(control.LostTrailer); lost != "" && lost != "0" {
		fmt.Fprintf(r.err, "warning: %s more came and are not in it: they came faster than they could be recorded\n", lost)
	}
	return nil
}

// stopped returns what is wrong with the end of a stream. One whose time is over has an end, which the service sends;
// one that somebody interrupts needs none.
func (r *recorder) stopped(s *stream, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, context.Canceled):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("the service ended after %v of %s: start it again, and record into another file; commands take several traces", time.Since(s.began).Round(time.Second/10), r.wait)
	}
	return err
}

// runs records what requests did.
func (r *recorder) runs(s *stream) error {
	in, err := profile.NewReader(s.from)
	if err != nil {
		return r.end(s, 0, r.stopped(s, err))
	}
	r.warn(in.Head())
	out, err := profile.NewWriter(s.file, in.Head())
	if err != nil {
		return r.end(s, 0, err)
	}
	n := 0
	for r.most == 0 || n < r.most {
		run, err := in.Next()
		if err != nil {
			return r.end(s, n, r.stopped(s, err))
		}
		if err := out.Add(run); err != nil {
			return r.end(s, n, err)
		}
		n++
	}
	return r.end(s, n, nil)
}

// warn says which flows are not recorded.
func (r *recorder) warn(head *profile.Trace) {
	for _, m := range head.Missing {
		fmt.Fprintf(r.err, "warning: %s runs under a plan, and the trace has none of its requests: %s; to record it, start the service without its plan (fluxo run -plain)\n", m.Flow, m.Why)
	}
}

// requests records the requests themselves: the lines are copied as they come.
func (r *recorder) requests(s *stream) error {
	in, n := bufio.NewReader(s.from), -1 // the first line is the head
	for r.most == 0 || n < r.most {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) > 0 {
			err = io.ErrUnexpectedEOF // half a line is none
		}
		if err != nil {
			return r.end(s, max(n, 0), r.stopped(s, err))
		}
		if _, err := s.file.Write(line); err != nil {
			return r.end(s, max(n, 0), err)
		}
		n++
	}
	return r.end(s, max(n, 0), nil)
}
