package host

// The main function of a service that has none of its own.

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/signal"
	"syscall"
)

// A Program is a service as a process.
type Program struct {
	Routes []Route
	Log    *slog.Logger

	// Describe returns the lines to log at start: whether the program is plain or
	// planned, which flows, which decisions. It may be nil.
	Describe func() []string
}

// Main runs p with command-line arguments args until SIGTERM or SIGINT (a second
// one kills at once), and returns the exit status.
func (p *Program) Main(args []string, getenv func(string) string, stderr io.Writer) int {
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "", "where to listen, `host:port` (default: $ADDR, :$PORT or localhost:8080)")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	context.AfterFunc(ctx, release) // the second signal has its usual effect
	if err := p.serve(ctx, Address(*addr, getenv)); err != nil {
		p.Log.Error(err.Error())
		return 1
	}
	return 0
}

func (p *Program) serve(ctx context.Context, addr string) error {
	if len(p.Routes) == 0 {
		return errors.New("nothing to serve: no flow of this program has a trigger such as //fluxo:get /path")
	}
	s, err := New(p.Routes, DefaultLimits(), p.Log)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen (choose another address with -addr, ADDR or PORT): %w", err)
	}
	if p.Describe != nil {
		for _, line := range p.Describe() {
			p.Log.Info(line)
		}
	}
	for _, route := range p.Routes {
		p.Log.Info("route", "answers", route.String(), "flow", route.Flow)
	}
	p.Log.Info("listening", "url", "http://"+ln.Addr().String())
	return Run(ctx, ln, s)
}
