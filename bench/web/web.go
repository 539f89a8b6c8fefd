// Package web has the figure of what serving over HTTP costs: a service that
// fluxo builds and supplies the main function of, against hand-written net/http.
package web

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/load"
)

// EmptyPlan compares throughputs.
var EmptyPlan = figure.Figure{
	Name: "http.empty_plan",
	About: "HTTP answers a second of a service under the empty plan, over hand-written net/http that calls the same steps with the same " +
		"timeouts, bounds and request log; .cpu: theirs over ours, in processor time a request; .over_bare: over one without log and bounds",
	Run: func(r *figure.Report) error {
		dir, err := os.MkdirTemp("", "fluxo-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		ours, theirs, err := build(dir)
		if err != nil {
			return err
		}
		many := *r
		many.Rounds *= roundsEach
		if err := compare(&many, "http.empty_plan", []string{theirs}, []string{ours}); err != nil {
			return err
		}
		return compare(&many, "http.empty_plan.over_bare", []string{theirs, "-bare"}, []string{ours})
	},
}

// roundsEach is how many rounds make one of the report: they are short, so that
// what else the machine does falls on both sides alike.
const roundsEach = 5

// The load: clients on kept connections.
const (
	clients   = 16
	perClient = 250 // requests a client sends in a round
)

// build compiles both services into dir.
func build(dir string) (ours, theirs string, err error) {
	root, err := command.Root()
	if err != nil {
		return "", "", err
	}
	shop := filepath.Join(root, "bench", "web", "testdata", "shop")
	ours, theirs = filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
	return ours, theirs, errors.Join(
		command.Build("fluxo", shop, ours),
		command.Build("go", filepath.Join(shop, "byhand"), theirs))
}

// path is the path of a client's i-th request.
func path(client, i int) string {
	return "/products/" + strconv.Itoa((client*331+i)%1000) + "?currency=USD"
}

// compare runs two servers side by side, under load in turn.
func compare(r *figure.Report, name string, theirs, ours []string) (err error) {
	var servers [2]*command.Server
	var requests [2]time.Duration // as a divisor of times
	var loads [2]load.Clients
	for i, words := range [][]string{theirs, ours} {
		if servers[i], err = command.Start(nil, words[0], append([]string{"-addr", "127.0.0.1:0"}, words[1:]...)...); err != nil {
			return err
		}
		defer servers[i].Kill()
		if loads[i], err = load.DialAll(servers[i].Addr, clients); err != nil {
			return err
		}
		defer loads[i].Close()
	}
	if err := alike(loads[0][0], loads[1][0]); err != nil {
		return err
	}
	round := func(i int) func() float64 {
		return func() float64 {
			answers, e := loads[i].Rate(perClient, path, load.OK)
			requests[i] += clients * perClient
			err = errors.Join(err, e)
			return answers
		}
	}
	round(0)()
	round(1)() // warm
	r.Ratio(name, round(0), round(1))
	if err != nil {
		return err
	}
	loads[0].Close()
	loads[1].Close()
	used0, err := servers[0].Stop()
	if err != nil {
		return err
	}
	used1, err := servers[1].Stop()
	if err != nil {
		return err
	}
	used0, used1 = used0/requests[0], used1/requests[1]
	r.Line(name+".cpu", float64(used0)/float64(used1), "ratio")
	r.Line(name+".cpu_per_request", float64(used1.Microseconds()), "us")
	return nil
}

// alike sees that both servers give the same answers.
func alike(theirs, ours *load.Client) error {
	for i := range 10 {
		_, a, err := theirs.Get(path(0, i))
		if err != nil {
			return err
		}
		_, b, err := ours.Get(path(0, i))
		if err != nil {
			return err
		}
		if !bytes.Equal(a, b) {
			return fmt.Errorf("the services answer %s differently: by hand %s, by fluxo %s", path(0, i), a, b)
		}
	}
	return nil
}
