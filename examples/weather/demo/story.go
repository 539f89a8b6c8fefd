package main

// What the demo does, in its order.

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/weather/traces"
	"fluxo.dev/fluxo/pattern/planner"
)

const (
	requestsFile = "requests.txt"
	traceFile    = "requests.trace" // in the workshop, like all that is made
	naiveFile    = "weather-as-written"
	plannedFile  = "weather-planned"
)

var recording = regexp.MustCompile(`^recording`)

// record has the service as written answer the first half, and fluxo record watch.
func (d *demo) record(ctx context.Context) error {
	d.head("The service as written answers requests, and is recorded", "fluxo record")
	if _, err := d.workshop.run(ctx, "build", "-o", naiveFile, "."); err != nil {
		return err
	}
	naive, err := d.start(ctx, "as written", d.workshop.file(naiveFile), "localhost:0", "FLUXO_CONTROL=on")
	if err != nil {
		return err
	}
	recorder, _, err := d.processes.start(ctx, d.log("record"),
		d.workshop.command(ctx, "record", "-for", "10m", "-o", traceFile, fmt.Sprint(naive.service.Pid)), recording)
	if err != nil {
		return err
	}
	d.say("%s", d.pattern)
	var sent atomic.Int64
	stop := d.watch(&sent, len(d.pattern.first))
	r, err := naive.play(ctx, d.truth, d.pattern.first, &sent)
	stop()
	if err != nil {
		return err
	}
	recorder.end(os.Interrupt)
	d.empty = naive.pressEmpty(ctx, time.Second)
	naive.service.end(os.Interrupt)
	naive.providers.end(os.Interrupt)
	d.say("mean %s, p50 %s, p99 %s; %s calls to providers for each", milliseconds(mean(r.took)), milliseconds(quantile(.5)(r.took)), milliseconds(quantile(.99)(r.took)), perRequest(r.calls, r))
	if r.firstWrong != nil {
		return r.firstWrong
	}
	return nil
}

// plan has a plan looked for in what was recorded, and checked.
func (d *demo) plan(ctx context.Context) (*planner.Answer, error) {
	d.head("What would make it faster?", "fluxo plan")
	a, err := d.workshop.plan(ctx, traceFile)
	if err != nil {
		return nil, err
	}
	printDecisions(d.out, a)
	d.head("Is it the same program?", "fluxo check")
	text, err := d.workshop.run(ctx, "check", ".")
	if err != nil {
		return nil, err
	}
	d.say("%s", strings.TrimSpace(text))
	d.head("Does it give the same answers?", "fluxo verify")
	text, err = d.verify(ctx)
	if err != nil {
		return nil, err
	}
	d.say("%s\n(the first of them, under the plan, and then as written with what the providers had said)", strings.TrimSpace(text))
	return a, nil
}

// verified is how many of the recorded requests are verified: each runs up to three times.
const verified = 500

// verify has requests answered under the plan and as written, at the pace of the day by the service's clock, with
// providers that answer at once.
func (d *demo) verify(ctx context.Context) (string, error) {
	var list strings.Builder
	for _, a := range d.pattern.first[:min(verified, len(d.pattern.first))] {
		fmt.Fprintf(&list, "%.3f GET %s\n", d.pattern.ofTheDay(a.at).Seconds(), traces.Path(a.about))
	}
	if err := os.WriteFile(d.workshop.file(requestsFile), []byte(list.String()), 0o644); err != nil {
		return "", err
	}
	providers, err := d.processes.serve(ctx, d.log("verify-providers"), nil, d.program("providers"), "-latency", "0", "-seed", fmt.Sprint(d.seed))
	if err != nil {
		return "", err
	}
	defer providers.end(os.Interrupt)
	cmd := d.workshop.command(ctx, "verify", "-requests", requestsFile, ".")
	cmd.Env = append(cmd.Env, whereabouts(providers)...)
	return d.workshop.output(cmd)
}

// compare has both services answer what comes later, side by side, and returns the planned one.
func (d *demo) compare(ctx context.Context) (planned *arm, err error) {
	d.head("Later requests, as written and under the plan, side by side", "")
	if _, err := d.workshop.run(ctx, "build", "-o", plannedFile, "."); err != nil {
		return nil, err
	}
	naive, err := d.start(ctx, "as written", d.workshop.file(naiveFile), "localhost:0")
	if err != nil {
		return nil, err
	}
	if planned, err = d.start(ctx, "planned", d.workshop.file(plannedFile), free(d.addr)); err != nil {
		return nil, err
	}
	var sent atomic.Int64
	var wait sync.WaitGroup
	var errs [2]error
	stop := d.watch(&sent, 2*len(d.pattern.later))
	wait.Go(func() { d.naive, errs[0] = naive.play(ctx, d.truth, d.pattern.later, &sent) })
	wait.Go(func() { d.planned, errs[1] = planned.play(ctx, d.truth, d.pattern.later, &sent) })
	wait.Wait()
	stop()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	d.say("and as many as they can, %v each", d.pressing)
	d.naive.throughput = naive.press(ctx, d.pattern.later, d.pressing)
	naive.service.end(os.Interrupt)
	d.planned.throughput = planned.press(ctx, d.pattern.later, d.pressing)
	return planned, ctx.Err()
}

// pictures draws the flow before and after.
func (d *demo) pictures(ctx context.Context) error {
	if err := d.workshop.draw(ctx, "before.svg"); err != nil {
		return err
	}
	if err := d.workshop.draw(ctx, "after.svg", "-plan"); err != nil {
		return err
	}
	d.say("\nto read   the plan     %s", d.workshop.file("fluxo.plan"))
	d.say("          the graph    %s, %s", d.workshop.file("before.svg"), d.workshop.file("after.svg"))
	d.say("          the trace    %s", d.workshop.file(traceFile))
	d.say("          logs         %s", d.logs)
	return nil
}

// head begins a chapter.
func (d *demo) head(what, command string) {
	if command != "" {
		what += "   (" + command + ")"
	}
	d.say("\n── %s", what)
}

// watch shows how many of the requests are answered until it is told to stop: on a terminal in
// place, elsewhere once.
func (d *demo) watch(sent *atomic.Int64, of int) (stop func()) {
	info, err := d.out.Stat()
	inPlace := err == nil && info.Mode()&os.ModeCharDevice != 0
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for inPlace {
			fmt.Fprintf(d.out, "\r  %s %d of %d", bar(int(sent.Load()), of), sent.Load(), of)
			select {
			case <-tick.C:
			case <-done:
				fmt.Fprintf(d.out, "\r\x1b[K")
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// bar draws how far something is.
func bar(n, of int) string {
	const width = 30
	full := width * n / max(of, 1)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// printDecisions prints what a plan would change, why, and by how much.
func printDecisions(w *os.File, a *planner.Answer) {
	for _, d := range a.Decisions {
		for _, line := range d.Lines {
			fmt.Fprintf(w, "+ %s\n", line)
		}
		fmt.Fprintf(w, "    %s: %s\n", d.Pattern, d.Why)
		fmt.Fprintf(w, "    mean %s without it, %s with it", milliseconds(seconds(d.Before)), milliseconds(seconds(d.After)))
		if d.Next != nil && d.Next.Why == "" {
			fmt.Fprintf(w, "; %s instead: %s", strings.Join(d.Next.Lines, "; "), milliseconds(seconds(d.Next.Goal)))
		}
		fmt.Fprintln(w)
	}
	for _, what := range a.Warnings {
		fmt.Fprintf(w, "warning: %s\n", what)
	}
	fmt.Fprintf(w, "%d plans were tried on %d recorded requests: mean %s as written, %s under the plan\n", a.Tried, a.Requests,
		milliseconds(seconds(a.Written.Mean)), milliseconds(seconds(a.Proposed.Mean)))
}

func (d *demo) tellWhatIsMeant() {
	d.say(`
as written, planned: the same %d requests, to two services at once, each with caches empty at
first and providers of its own, which take the same time for the same call. predicted: beforehand,
by replaying the requests recorded earlier; what HTTP and this machine's other work take comes on
top. requests a second: %d clients that never pause, afterwards, so with what is kept by then;
predicted is what the recorded service reached with /healthz, since an answer at hand costs little
else. Every answer was held against the truth. Ratios are of this pattern: a slower one hits less
often.`, len(d.pattern.later), clients)
}

func (d *demo) invite(url string) {
	a, b := d.pattern.later[0].about, d.pattern.later[1].about
	d.say(`
The planned service is still running. Try it:

  browser   %[1]s/?zip=%[2]s
  one       curl '%[1]s/weather/%[2]s'
  several   curl '%[1]s/weather?zip=%[2]s&zip=%[3]s'

  code      %[4]s

Ctrl-C ends it.`, url, a.Code, b.Code, filepath.Join(d.source, "weather.go"))
}
