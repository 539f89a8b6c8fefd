package host

// The main function of a service that has none of its own.

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// A Program is a service as a process.
type Program struct {
	Routes    []Route
	Schedules []Schedule
	Log       *Log

	// Plan puts the program under its plan, or none if plain is set, logs which, and
	// returns the decisions in force, for each planned flow, as people read them.
	Plan func(plain bool) []PlannedFlow
}

// A PlannedFlow is a flow that does not run as written.
type PlannedFlow struct {
	Flow      string
	Decisions []string
}

// Main runs p with command-line arguments args until SIGTERM or SIGINT (a second
// one kills at once), and returns the exit status.
func (p *Program) Main(args []string, getenv func(string) string, stderr io.Writer) int {
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "", "where to listen, `host:port` (default: $ADDR, :$PORT or localhost:8080)")
	plain := flags.Bool("plain", false, "run every flow as written, whatever the plan says")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "unexpected argument %q; the service takes only flags, which -h lists\n", flags.Arg(0))
		return 2
	}
	collectSeldom(getenv, os.DirFS("/"))
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	context.AfterFunc(ctx, release) // the second signal has its usual effect
	defer p.Log.Close()
	for _, f := range p.Plan(*plain) {
		p.Log.Info("planned", "flow", f.Flow, "decisions", strings.Join(f.Decisions, "; "))
	}
	if err := p.serve(ctx, Address(*addr, getenv)); err != nil {
		p.Log.Error(err.Error())
		return 1
	}
	return 0
}

func (p *Program) serve(ctx context.Context, addr string) error {
	if len(p.Routes)+len(p.Schedules) == 0 {
		return errors.New("nothing to serve: no flow of this program has a trigger such as //fluxo:get /path")
	}
	s, err := New(p.Routes, DefaultLimits(), p.Log)
	if err != nil {
		return err
	}
	s.Schedule(p.Schedules, processClock{})
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen (choose another address with -addr, ADDR or PORT): %w", err)
	}
	for _, route := range p.Routes {
		p.Log.Info("route", "answers", route.String(), "flow", route.Flow)
	}
	for _, one := range p.Schedules {
		p.Log.Info("schedule", "every", one.Every.String(), "flow", one.Flow)
	}
	p.Log.Info("listening", "url", "http://"+ln.Addr().String())
	return Run(ctx, ln, s)
}
