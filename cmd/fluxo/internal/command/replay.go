package command

// fluxo replay.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/replay"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/recorded"
)

const replayHelp = `Replay sends recorded requests to a running service again, when they came, and says how long the answers
took, how many failed, and which have another status than the recorded ones. Where nothing answers it fails.

	fluxo record -values -o day.trace                                record them: requests go to day.trace.requests
	fluxo replay -trace day.trace -to http://localhost:8080          send them, at the recorded pace
	fluxo replay -trace day.trace -to URL -speed 3                   three times as fast; or -rate 100, a second on average
	fluxo replay -trace day.trace -to URL -from 50m -for 2m          two minutes of them, 50 minutes behind the first
	fluxo replay -trace day.trace -to URL -from 50m -for 2m -warm    and everything before that first, as fast as it is
	                                                                 answered, with the service's clock moved along
	fluxo replay -trace day.trace -to URL -simulated ./weather       beside it, what the simulator says of the plan there
	fluxo replay -trace day.trace -simulated ./weather               only that

Requests are sent when they are due, whether or not those before were answered, and times count from then. At most
4096 are under way (-inflight N). A list of lines like "12.5 GET /weather/10001" can be replayed in place of a record.
-warm needs a service that runs here as the same user and began just now: its clock only goes ahead.`

// A replaying is one command.
type replaying struct {
	console
	file      string // that the requests are in
	trace     string // the trace beside it
	options   replay.Options
	rate      float64 // requests a second; 0: Speed counts
	warm      bool
	simulated bool
}

func runReplay(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("replay", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("replay", "trace", "to", "speed", "rate", "from", "for", "warm", "inflight", "simulated"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	r, err := readReplaying(c, args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	head, requests, err := r.read()
	if err != nil {
		return err
	}
	if err := r.pace(requests); err != nil {
		return err
	}
	if !r.simulated && len(args.packages) > 0 {
		return usageError("a package is for -simulated; the service that gets the requests is named by -to")
	}
	var out outcomes
	if r.simulated {
		if out.simulated, err = r.simulate(ctx, args, head); err != nil {
			return err
		}
	}
	if r.options.To != "" {
		if out.measured, err = r.send(ctx, head, requests); err != nil {
			return err
		}
	}
	out.print(c.out)
	return nil
}

// readReplaying reads the flags.
func readReplaying(c console, args *arguments) (*replaying, error) {
	r := &replaying{console: c, warm: args.on("warm"), simulated: args.on("simulated"), options: replay.Options{Speed: 1}}
	r.trace, _ = args.get("trace")
	if r.trace == "" {
		return nil, usageError("which requests? -trace FILE names the trace beside which fluxo record -values wrote them")
	}
	if r.file = r.trace + requestsSuffix; !has(r.file) {
		r.file = r.trace
	}
	r.options.To, _ = args.get("to")
	if u, err := url.Parse(r.options.To); r.options.To != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return nil, usageError(fmt.Sprintf("-to is an address like http://localhost:8080, not %q", r.options.To))
	}
	if r.options.To == "" && !r.simulated {
		return nil, usageError("to which service? -to http://localhost:8080 sends them there; -simulated asks the simulator")
	}
	for _, f := range []struct {
		name string
		to   *time.Duration
	}{{"from", &r.options.From}, {"for", &r.options.For}} {
		text, given := args.get(f.name)
		d, err := time.ParseDuration(text)
		if given && (err != nil || d < 0) {
			return nil, usageError(fmt.Sprintf("-%s is a time like 90s or 10m, not %q", f.name, text))
		}
		*f.to = d
	}
	for _, f := range []struct {
		name string
		to   *float64
	}{{"speed", &r.options.Speed}, {"rate", &r.rate}} {
		text, given := args.get(f.name)
		k, err := strconv.ParseFloat(text, 64)
		switch {
		case !given:
		case err != nil || !(k > 0 && k <= 1e6):
			return nil, usageError(fmt.Sprintf("-%s is a number above 0, not %q", f.name, text))
		default:
			*f.to = k
		}
	}
	if text, given := args.get("inflight"); given {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, usageError(fmt.Sprintf("-inflight is a number from 1 on, not %q", text))
		}
		r.options.InFlight = n
	}
	switch {
	case given(args, "speed") && r.rate > 0:
		return nil, usageError("-speed and -rate both say how fast; give one of them")
	case r.warm && r.options.From == 0:
		return nil, usageError("-warm sends what comes before -from TIME, which is missing")
	case r.warm && r.options.To == "":
		return nil, usageError("-warm warms a service: -to says which; the simulator is always warm")
	}
	args.drop("to", "speed", "rate", "from", "for", "warm", "inflight", "simulated")
	return r, nil
}

// read reads the requests.
func (r *replaying) read() (head recorded.Head, all []*replay.Request, err error) {
	f, err := os.Open(r.file)
	if err != nil {
		return head, nil, err
	}
	defer f.Close()
	trace := r.file == r.trace && profile.IsTrace(f)
	switch {
	case trace && r.options.To != "":
		return head, nil, fmt.Errorf("%s is a trace, and beside it are no requests (%[1]s%s): fluxo record -values writes both; what a simulation says needs only the trace, without -to", r.file, requestsSuffix)
	case trace:
		return r.arrivals()
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return head, nil, err
	}
	if head, _, err = recorded.Read(f); err != nil {
		head = recorded.Head{} // a list has none; what else is wrong is found below
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return head, nil, err
	}
	for q, err := range replay.Read(r.file, f) {
		var cut *replay.CutError
		switch {
		case err != nil && len(all) == 0:
			return head, nil, fmt.Errorf("%w; fluxo record -values writes requests", err)
		case errors.As(err, &cut):
			fmt.Fprintf(r.err, "warning: %v; the requests before it count (%d)\n", err, len(all))
		case err != nil: // somebody wrote the list
			return head, nil, err
		default:
			all = append(all, q)
		}
	}
	return r.sinceFirst(head, all)
}

// arrivals reads when the requests of a trace came, which is all that a simulation needs of them.
func (r *replaying) arrivals() (head recorded.Head, all []*replay.Request, err error) {
	s, err := profile.NewStream(func() (io.ReadCloser, error) { return os.Open(r.trace) })
	if err != nil {
		return head, nil, fmt.Errorf("%s: %w", r.trace, err)
	}
	head.Service, head.Began = s.Head().Service, s.Head().Began
	for run, err := range s.Each() {
		if err != nil {
			break // it is told where the trace is read for the simulation
		}
		all = append(all, &replay.Request{At: run.At})
	}
	slices.SortStableFunc(all, func(a, b *replay.Request) int { return cmp.Compare(a.At, b.At) }) // runs are written when they are over
	return r.sinceFirst(head, all)
}

// sinceFirst has times count from the first request.
func (r *replaying) sinceFirst(head recorded.Head, all []*replay.Request) (recorded.Head, []*replay.Request, error) {
	if len(all) == 0 {
		return head, nil, fmt.Errorf("%s has no request in it: record while the service is used", r.file)
	}
	head.Began = head.Began.Add(all[0].At) // a record counts from when the process began, people from its first request
	for i := len(all) - 1; i >= 0; i-- {
		all[i].At -= all[0].At
	}
	return head, all, nil
}

// pace turns a rate into a speed.
func (r *replaying) pace(all []*replay.Request) error {
	n, first, last := 0, time.Duration(0), time.Duration(0)
	for _, q := range all {
		if q.At >= r.options.From && (r.options.For == 0 || q.At < r.options.From+r.options.For) {
			if n == 0 {
				first = q.At
			}
			last = q.At
			n++
		}
	}
	if n == 0 {
		return usageError(fmt.Sprintf("no request came in that time: the record is %v long", all[len(all)-1].At.Round(time.Second)))
	}
	if r.rate > 0 && last > first {
		r.options.Speed = r.rate * (last - first).Seconds() / float64(n)
	}
	return nil
}

// send sends the requests to the service.
func (r *replaying) send(ctx context.Context, head recorded.Head, all []*replay.Request) (*replay.Outcome, error) {
	pr := newProgress(r.err)
	defer pr.end()
	r.options.Tell = pr.pass
	if r.warm {
		s, err := serviceOf(ctx, head.Service)
		if err != nil {
			return nil, err
		}
		r.options.Warm = s.advance
	}
	out, err := replay.Send(ctx, func(yield func(*replay.Request, error) bool) {
		for _, q := range all {
			if !yield(q, nil) {
				return
			}
		}
	}, r.options)
	if err != nil {
		return nil, err
	}
	return out, answered(r.options.To, out)
}

// answered fails if there was no answer at all: then there is nothing to measure.
func answered(to string, o *replay.Outcome) error {
	s := o.Summarize()
	if s.Lost == 0 || s.Lost < s.Requests {
		return nil
	}
	return fmt.Errorf("%s answered none of the requests (%d): %s; start the service, or give the address that it listens on with -to",
		to, s.Lost, printable(strings.Join(o.Errors(3), "; ")))
}

// serviceOf returns the running service of a main package, or the only one that runs.
func serviceOf(ctx context.Context, pkg string) (*running, error) {
	for _, s := range runningServices() {
		if l, err := s.look(ctx); err == nil && l.statistics.Service == pkg {
			return s, nil
		}
	}
	if pkg != "" {
		return nil, fmt.Errorf("-warm moves the clock of %s, which does not run here as this user, or does not listen: start it by fluxo run", pkg)
	}
	return findRunning(nil)
}

// advance moves the service's clock ahead.
func (s *running) advance(ctx context.Context, by time.Duration) error {
	body, err := s.ask(ctx, http.MethodPost, "/clock?ahead="+by.String(), nil)
	if err != nil {
		return fmt.Errorf("the service's clock cannot be moved: %w", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(body, maxAnswer))
	return errors.Join(err, body.Close())
}
