// Command demo shows what a plan does: it starts the weather's providers, sends the
// same requests to the service as written and to the service as planned, checks
// every answer, prints both side by side, and leaves the planned one running.
//
//	demo -bin bin            # until Ctrl-C
//	demo -bin bin -once      # ends by itself; fails if an answer was wrong
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"example.com/weather/zips"
)

func main() {
	bin := flag.String("bin", "bin", "`folder` with the programs weather and providers")
	once := flag.Bool("once", false, "end after the comparison")
	requests := flag.Int("requests", 400, "how many requests to send to each")
	addr := flag.String("addr", "localhost:8080", "where the planned service listens afterwards")
	seed := flag.Uint64("seed", 1, "of the requests and of the providers' delays")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d := demo{bin: *bin, addr: *addr, requests: *requests, seed: *seed, once: *once}
	if err := d.run(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "demo: %v\n", err)
		os.Exit(1)
	}
}

type demo struct {
	bin, addr string
	requests  int
	seed      uint64
	once      bool

	logs      string
	processes processes
	providers []string // their URLs

	plain, planned *result
}

func (d *demo) run(ctx context.Context) error {
	defer d.processes.stop()
	known, source, err := zips.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return err
	}
	if d.logs, err = os.MkdirTemp("", "fluxo-demo-"); err != nil {
		return err
	}
	fmt.Printf("A weather service for %s. It asks five slow providers over HTTP.\n", source)
	env, err := d.startProviders(ctx)
	if err != nil {
		return err
	}
	truth, err := newTruth()
	if err != nil {
		return err
	}
	load := newLoad(truth, known, d.requests, d.seed)
	fmt.Printf("%d requests, %d at a time: %s.\n\n", d.requests, clients, load.mix())
	if d.plain, err = d.measure(ctx, "as written", load, env, "-addr", "localhost:0", "-plain"); err != nil {
		return err
	}
	if d.planned, err = d.measure(ctx, "planned", load, env, "-addr", free(d.addr)); err != nil {
		return err
	}
	fmt.Println()
	printTable(os.Stdout, d.plain, d.planned)
	if wrong := d.plain.wrong + d.planned.wrong; wrong > 0 {
		return fmt.Errorf("%d answers were wrong; the first: %w", wrong, firstError(d.plain.firstWrong, d.planned.firstWrong))
	}
	if d.once {
		return nil
	}
	d.invite(d.planned.url, load)
	<-ctx.Done()
	fmt.Println("\nstopping")
	return nil
}

// startProviders returns the environment that tells the service where they are.
func (d *demo) startProviders(ctx context.Context) (env []string, err error) {
	env = os.Environ()
	for _, role := range []string{"geocoder", "points", "stations", "forecasts", "warnings"} {
		url, err := d.processes.start(ctx, d.log(role), os.Environ(), d.program("providers"),
			"-role", role, "-control", "-seed", fmt.Sprint(d.seed))
		if err != nil {
			return nil, err
		}
		d.providers = append(d.providers, url)
		env = append(env, "WEATHER_"+strings.ToUpper(role)+"="+url)
	}
	return env, nil
}

// measure starts the service with args and sends it the load.
func (d *demo) measure(ctx context.Context, name string, load *load, env []string, args ...string) (*result, error) {
	url, err := d.processes.start(ctx, d.log(name), env, d.program("weather"), args...)
	if err != nil {
		return nil, err
	}
	before, err := d.calls(ctx)
	if err != nil {
		return nil, err
	}
	r := load.send(ctx, name, url)
	after, err := d.calls(ctx)
	r.calls = after - before
	return r, err
}

func (d *demo) program(name string) string { return filepath.Join(d.bin, name) }
func (d *demo) log(name string) string     { return filepath.Join(d.logs, name+".log") }

func (d *demo) invite(url string, load *load) {
	a, b := load.popular[0], load.popular[1]
	fmt.Printf(`
The planned service is still running. Try it:

  browser   %[1]s/?zip=%[2]s
  one       curl '%[1]s/weather/%[2]s'
  several   curl '%[1]s/weather?zip=%[2]s&zip=%[3]s'
  a region  curl '%[1]s/region?%[4]s'

  code      examples/weather/weather.go
  plan      examples/weather/fluxo.plan
  logs      %[5]s

Ctrl-C ends it.
`, url, a.Code, b.Code, boxAround(a), d.logs)
}
