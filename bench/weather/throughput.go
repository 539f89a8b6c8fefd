package weather

// Full load: as many requests as two services can answer, in turn.

import (
	"fmt"
	"slices"
	"strings"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/load"
	"fluxo.dev/fluxo/bench/usage"
)

const (
	clients   = 64
	perClient = 150 // requests a client sends in a round
)

// fullLoad compares two arms, whose state is there already, and notes what b has over a: answers a second, and
// processor time a request. Towns are asked for as in the second half of the day.
func (x *experiment) fullLoad(name, after string, a, b *aliveArm) error {
	var rates, cpus [2][]float64
	arms := [2]*aliveArm{a, b}
	for _, l := range arms {
		if err := l.providers(l.latency); err != nil {
			return err
		}
	}
	requests := a.day.requests[len(a.day.requests)/2:]
	round := func(i, n int) error {
		all, err := load.DialAll(arms[i].service.Addr, clients) // the other's round may take longer than a connection may be idle
		if err != nil {
			return err
		}
		defer all.Close()
		before, err := usage.Of(arms[i].service.PID())
		if err != nil {
			return err
		}
		rate, err := all.Rate(perClient, func(client, k int) string {
			return arms[i].url(requests[(n*clients*perClient+client*perClient+k)%len(requests)])
		}, func(status int) bool { return status == 200 || status == 503 || status == 504 }) // providers fail now and then, and slow ones are too late
		if err != nil {
			return err
		}
		after, err := usage.Of(arms[i].service.PID())
		rates[i] = append(rates[i], rate)
		cpus[i] = append(cpus[i], after.Since(before).Processor.Seconds()/(clients*perClient))
		return err
	}
	warm := (len(requests)-1)/(clients*perClient) + 1 // rounds until every town has been asked for
	for n := range warm + 2*x.report.Rounds {
		order := [2]int{0, 1}
		if n%2 == 1 {
			order = [2]int{1, 0}
		}
		for _, i := range order {
			if err := round(i, n); err != nil {
				return err
			}
		}
	}
	for i := range arms {
		rates[i], cpus[i] = rates[i][warm:], cpus[i][warm:]
	}
	x.lines = append(x.lines,
		line{name + ".throughput" + after, figure.Median(rates[1]) / figure.Median(rates[0]), "ratio"},
		line{name + ".throughput.noise" + after, max(spread(rates[0]), spread(rates[1])), "ratio"},
		line{name + ".throughput.answers" + after, figure.Median(rates[1]), "/s"},
		line{name + ".cpu" + after, figure.Median(cpus[1]) / figure.Median(cpus[0]), "ratio"},
		line{name + ".cpu.noise" + after, max(spread(cpus[0]), spread(cpus[1])), "ratio"},
		line{name + ".cpu_per_request" + after, figure.Median(cpus[1]) * 1e6, "us"})
	return nil
}

// A line is a figure that was measured while the experiment was conducted.
type line struct {
	name  string
	value float64
	unit  string
}

// loadTests compares arms at full load that have lived through the day: nothing else is alive then.
func (x *experiment) loadTests(alive []*aliveArm) error {
	var suffixes []string
	for _, f := range append([]float64{1}, slower...) {
		suffixes = append(suffixes, suffix(f))
	}
	tested := map[string]*aliveArm{}
	for _, l := range alive {
		name, after, slow := strings.Cut(l.name, " x")
		if slow {
			after = " x" + after
		}
		wanted := (name == "epa/planned" || name == "epa/expert") && slices.Contains(suffixes, after)
		if !wanted || tested[l.name] != nil { // of several lanes the first
			l.stop()
			continue
		}
		tested[l.name] = l
	}
	for _, after := range suffixes {
		if err := x.fullLoad("weather.expert", strings.Replace(after, " ", ".", 1), tested["epa/expert"+after], tested["epa/planned"+after]); err != nil {
			return err
		}
	}
	return nil
}

// suffix is what the names of arms end with whose providers take f times as long.
func suffix(f float64) string {
	if f == 1 {
		return ""
	}
	return fmt.Sprintf(" x%v", f)
}

// spread is how far medians of two halves of rounds are typically apart, over the median. In each half a service was the
// first as often as the second.
func spread(v []float64) float64 {
	var halves [2][]float64
	for i, x := range v {
		halves[i/2%2] = append(halves[i/2%2], x)
	}
	x, y := figure.Median(halves[0]), figure.Median(halves[1])
	return max(x/y, y/x) - 1
}
