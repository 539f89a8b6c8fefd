// Command demo shows what Fluxo does for a service: it has the weather service as written answer a
// stretch of a real day's requests, records it, has a plan made and checked, and serves what comes later as
// written and under the plan, side by side. Every answer is checked. It leaves the plan behind to read,
// and the planned service running.
//
//	demo -bin bin            # until Ctrl-C
//	demo -bin bin -once      # ends by itself; fails if an answer was wrong
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"example.com/weather/zips"
)

func main() {
	d := demo{out: os.Stdout}
	flag.StringVar(&d.bin, "bin", "bin", "`folder` with the programs fluxo and providers, for what is made, too")
	flag.StringVar(&d.source, "source", "examples/weather", "`folder` of the service")
	flag.BoolVar(&d.once, "once", false, "end after the comparison")
	flag.StringVar(&d.addr, "addr", "localhost:8080", "where the planned service listens, `host:port`")
	flag.Uint64Var(&d.seed, "seed", 1, "of the requests and of the providers' delays")
	flag.DurationVar(&d.half, "half", 25*time.Minute, "how much of the day is recorded, and how much is served afterwards")
	flag.DurationVar(&d.playing, "playing", 20*time.Second, "the `time` in which each is played")
	flag.DurationVar(&d.pressing, "pressing", 3*time.Second, "the `time` for which as many requests as possible are sent")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := d.run(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "demo: %v\n", err)
		os.Exit(1)
	}
}

type demo struct {
	out                     *os.File
	bin, source, addr       string
	once                    bool
	seed                    uint64
	half, playing, pressing time.Duration

	logs      string
	processes processes
	truth     *truth
	pattern   *pattern
	workshop  *workshop

	empty          float64 // requests a second that cost nothing but HTTP
	naive, planned *result
}

func (d *demo) run(ctx context.Context) (err error) {
	defer d.processes.stop()
	if err := d.prepare(); err != nil {
		return err
	}
	if err := d.record(ctx); err != nil {
		return err
	}
	plan, err := d.plan(ctx)
	if err != nil {
		return err
	}
	planned, err := d.compare(ctx)
	if err != nil {
		return err
	}
	d.say("")
	printTable(d.out, d.naive, plan.Proposed, plan.Requests, d.empty, d.planned)
	d.tellWhatIsMeant()
	if err := d.pictures(ctx); err != nil {
		return err
	}
	if wrong := d.naive.wrong + d.planned.wrong; wrong > 0 {
		for _, r := range []*result{d.naive, d.planned} {
			if r.wrong > 0 {
				err = r.firstWrong
			}
		}
		return fmt.Errorf("%d answers were wrong; one of them: %w", wrong, err)
	}
	if d.once {
		return nil
	}
	d.invite(planned.service.url)
	<-ctx.Done()
	fmt.Fprintln(d.out, "\nstopping")
	return nil
}

// prepare gets the requests, the truth and the workshop ready.
func (d *demo) prepare() error {
	known, source, err := zips.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return err
	}
	if d.pattern, err = newPattern(known, d.half, d.playing, d.seed); err != nil {
		return err
	}
	if d.truth, err = newTruth(); err != nil {
		return err
	}
	d.logs = filepath.Join(d.bin, "weather-demo-logs")
	if err := errors.Join(os.RemoveAll(d.logs), os.MkdirAll(d.logs, 0o755)); err != nil {
		return err
	}
	if d.workshop, err = newWorkshop(d.program("fluxo"), d.source, filepath.Join(d.bin, "weather-demo")); err != nil {
		return err
	}
	d.say("A weather service for %s. As written, it makes five calls over HTTP for", source)
	d.say("each request, one after another, and keeps nothing: %s", filepath.Join(d.source, "weather.go"))
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

func (d *demo) program(name string) string { return filepath.Join(d.bin, name) }
func (d *demo) log(name string) string     { return filepath.Join(d.logs, name+".log") }
