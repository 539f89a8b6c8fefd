package command

// fluxo apply.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"fluxo.dev/fluxo/rt"
	"fluxo.dev/fluxo/rt/control"
)

const applyHelp = `Apply puts a plan in place in a service that runs on this machine, without losing a request.

	fluxo apply                                         say what the service runs under
	fluxo apply weather                                 the one of that name, or process number
	fluxo apply fluxo.plan                              this plan, for all requests
	fluxo apply -share 10% -for 2m fluxo.plan weather   try it on a tenth of them for two minutes

A plan that is tried counts for all requests afterwards if those that tried it failed no more often and took
no longer than the others did at the same time; otherwise it is taken back. Interrupted, the command ends and
the trial goes on. The plan of all requests is held to in the same way: each decision is left out now and then.

	fluxo apply -off "FLOW LINE"    switch one decision of the plan off, as fluxo apply prints it
	fluxo apply -on "FLOW LINE"     and on again
	fluxo apply -end                take back the plan that is being tried

A plan with a line that does not fit the program is refused as a whole; with -lenient such lines are left out.
What another command has changed meanwhile is not overwritten. The name of the service, which the others of its
directory have too, is only needed where several run; a word alone is a file if there is one of that name. The
change lasts until the service ends: fluxo build and fluxo run take the plan beside the main package.`

// trialFor is how long a plan is tried if nothing is said.
const trialFor = "2m"

func runApply(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("apply", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("apply", "share", "for", "lenient", "off", "on", "end"); err != nil {
		return err
	}
	file, service, err := planAndService(args)
	if err != nil {
		return err
	}
	s, err := findRunning(service)
	if err != nil {
		return err
	}
	before, err := s.state(ctx)
	if err != nil {
		return err
	}
	version := url.Values{"version": {strconv.FormatUint(before.Version, 10)}}
	switch {
	case args.on("end"):
		body, err := s.ask(ctx, http.MethodDelete, "/plan/trial", nil)
		if err != nil {
			return err
		}
		return body.Close()
	case given(args, "off"):
		return s.turn(ctx, c, args, "off", version)
	case given(args, "on"):
		return s.turn(ctx, c, args, "on", version)
	case file == "":
		printState(c.out, before)
		return nil
	}
	return s.apply(ctx, c, args, file, version)
}

// planAndService parts the words that are no flags: the plan's file, if one is to be put in place, and the service's
// name. A word that stands alone is a file if there is one of that name.
func planAndService(args *arguments) (file string, service []string, err error) {
	words := args.packages
	if len(words) == 0 || args.on("end") || given(args, "off") || given(args, "on") {
		return "", words, nil
	}
	file, service = words[0], words[1:]
	if len(service) > 0 || given(args, "share") || given(args, "for") || args.on("lenient") {
		return file, service, nil
	}
	info, err := os.Stat(file)
	if err == nil && !info.IsDir() || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return file, nil, nil
	}
	all := runningServices()
	if slices.ContainsFunc(all, func(s *running) bool { return s.isCalled(file) }) {
		return "", words, nil
	}
	if len(all) == 0 {
		_, err := findRunning(nil)
		return "", nil, fmt.Errorf("there is no file %s, and %w", file, err)
	}
	return "", nil, fmt.Errorf("%s is neither a file nor a service that runs here as this user and listens: give the file of a plan, or one of %s", file, namesOfRunning(all))
}

func given(args *arguments, name string) bool {
	_, given := args.get(name)
	return given
}

// state returns what the service runs under.
func (s *running) state(ctx context.Context) (*rt.State, error) {
	body, err := s.get(ctx, "/plan")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	state := new(rt.State)
	if err := json.NewDecoder(body).Decode(state); err != nil {
		return nil, fmt.Errorf("%s: what it says of its plan cannot be read: %w", s.name, err)
	}
	return state, nil
}

// turn switches a decision.
func (s *running) turn(ctx context.Context, c console, args *arguments, way string, q url.Values) error {
	id, _ := args.get(way)
	flow, line, _ := strings.Cut(strings.TrimSpace(id), " ")
	q.Set("flow", flow)
	q.Set("line", line)
	_, err := s.change(ctx, "/plan/"+way, q, nil)
	if err == nil {
		fmt.Fprintf(c.err, "%s is switched %s\n", id, way)
	}
	return err
}

// apply puts the plan of a file in place, and waits for the end of its trial if it is tried.
func (s *running) apply(ctx context.Context, c console, args *arguments, file string, q url.Values) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	q.Set("name", file)
	if share, ok := args.get("share"); ok {
		q.Set("share", strings.TrimSuffix(share, "%"))
		q.Set("for", trialFor)
		if wait, ok := args.get("for"); ok {
			q.Set("for", wait)
		}
	} else if given(args, "for") {
		return usageError("-for says how long a share of the requests tries the plan: -share 10% says which")
	}
	if args.on("lenient") {
		q.Set("lenient", "")
	}
	changed, err := s.change(ctx, "/plan", q, bytes.NewReader(text))
	if err != nil {
		return err
	}
	for _, p := range changed.Problems {
		fmt.Fprintf(c.err, "left out: %s\n", p)
	}
	if !changed.Trial && q.Has("share") {
		fmt.Fprintf(c.err, "nothing is tried: the flows of %s ran as %s says already, %s in force, %d left out\n", s.name, file, counted(len(changed.InForce), "decision"), changed.LeftOut)
		return nil
	}
	if !changed.Trial {
		fmt.Fprintf(c.err, "%s runs under %s: %s in force, %d left out\n", s.name, file, counted(len(changed.InForce), "decision"), changed.LeftOut)
		return nil
	}
	fmt.Fprintf(c.err, "%s%% of the requests of %s try %s for %s\n", q.Get("share"), s.name, file, q.Get("for"))
	return s.await(ctx, c)
}

// change asks for a change.
func (s *running) change(ctx context.Context, path string, q url.Values, body io.Reader) (*control.Changed, error) {
	in, err := s.ask(ctx, http.MethodPost, path+"?"+q.Encode(), body)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	changed := new(control.Changed)
	return changed, json.NewDecoder(in).Decode(changed)
}

// await waits until nothing is tried any more, and says how it ended.
func (s *running) await(ctx context.Context, c console) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			fmt.Fprintln(c.err, "the trial goes on; fluxo apply says how it stands")
			return nil
		case <-tick.C:
		}
		state, err := s.state(ctx)
		if err != nil {
			return err
		}
		if state.Trial == nil && len(state.History) > 0 {
			e := state.History[len(state.History)-1]
			printEvent(c.out, e)
			if e.What == "taken back" {
				return exitError(1)
			}
			return nil
		}
	}
}

// printState prints what a service runs under.
func printState(w io.Writer, s *rt.State) {
	fmt.Fprintf(w, "version %d\n", s.Version)
	if !slices.ContainsFunc(s.Decisions, func(d rt.DecisionState) bool { return d.State == "in force" }) {
		fmt.Fprintln(w, "no decision counts: every flow runs as written")
	}
	for _, d := range s.Decisions {
		fmt.Fprintf(w, "%-9s %s %s\n", d.State, d.Flow, d.Line)
		if g := d.Gain; g != nil {
			fmt.Fprintf(w, "  with it   %v\n  without   %v\n", g.With, g.Without)
		}
	}
	for _, r := range s.Reports {
		fmt.Fprintf(w, "\n%s: %s (%s, of %s) %s\n  %s\n", r.At, r.What, r.Step, r.Flow, strings.Join(r.Values, " "), r.Fix)
	}
	for _, p := range s.Problems {
		fmt.Fprintf(w, "left out: %s\n", p)
	}
	if t := s.Trial; t != nil {
		fmt.Fprintf(w, "\ntried by %.3g%% of the requests for %v, since %s\n", t.Share*100, t.For, t.Began.Format(time.TimeOnly))
		fmt.Fprintf(w, "  under it  %v\n  others    %v\n", t.Tried, t.Others)
	}
	if len(s.History) > 0 {
		fmt.Fprintln(w)
	}
	for _, e := range s.History {
		printEvent(w, e)
	}
}

func printEvent(w io.Writer, e rt.Event) {
	fmt.Fprintf(w, "%s %s", e.At.Format(time.DateTime), e.What)
	if e.Why != "" {
		fmt.Fprintf(w, ": %s", e.Why)
	}
	fmt.Fprintln(w)
	if e.Tried != nil {
		fmt.Fprintf(w, "  under it  %v\n  others    %v\n", e.Tried, e.Others)
	}
}
