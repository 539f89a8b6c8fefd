package weather

// The figures of the planned service beside the one as written and the expert's.

import (
	"fmt"

	"fluxo.dev/fluxo/bench/figure"
)

// Figures compare services side by side.
var Figures = figure.Figure{
	Name: "weather",
	About: "the weather service under the plan that Fluxo finds on the first half of a day, over itself as written and over an expert's, on slices " +
		"of the second half at their real pace: .mean, .p99, .busy.mean, .upstream, .expert.*; .x0.3 and .x3: providers that much slower; search.epa.service: time to find a plan for the whole EPA day of this service",
	Run: func(r *figure.Report) error {
		x, err := theExperiment(r)
		if err != nil {
			return err
		}
		x.overNaive(r)
		x.overExpert(r)
		for _, l := range x.lines {
			r.Line(l.name, l.value, l.unit)
		}
		return x.failed
	},
}

// measures are what answers are compared by.
var measures = []struct {
	name string
	of   func(seconds) float64
}{{"mean", seconds.mean}, {"p50", seconds.p50}, {"p99", seconds.p99}}

// arm returns all answers of an arm.
func (x *experiment) arm(name string) seconds { return x.results[name].pooled() }

// calls returns how many requests the providers of an arm had.
func (x *experiment) calls(name string) int { return x.results[name].allCalls() }

func (x *experiment) overNaive(r *figure.Report) {
	naive, planned := x.arm("epa/naive"), x.arm("epa/planned")
	r.Line("weather.mean", planned.mean()/naive.mean(), "ratio")
	r.Line("weather.p99", planned.p99()/naive.p99(), "ratio")
	r.Line("weather.p50", planned.p50()/naive.p50(), "ratio")
	for what, s := range map[string]seconds{"naive": naive, "planned": planned} {
		r.Note("epa/%s: %d requests, %d failed; mean %.1f ms, p50 %.1f, p95 %.1f, p99 %.1f", what, len(s), s.failed(),
			1e3*s.mean(), 1e3*s.p50(), 1e3*s.quantile(0.95), 1e3*s.p99())
	}
	r.Line("weather.busy.mean", x.arm("busy/planned").mean()/x.arm("busy/naive").mean(), "ratio")
	r.Line("weather.busy.p99", x.arm("busy/planned").p99()/x.arm("busy/naive").p99(), "ratio")
	r.Line("weather.upstream", float64(x.calls("epa/planned"))/float64(x.calls("epa/naive")), "ratio")
	r.Line("weather.busy.upstream", float64(x.calls("busy/planned"))/float64(x.calls("busy/naive")), "ratio")
	for _, f := range slower {
		naive, planned := "epa/naive"+suffix(f), "epa/planned"+suffix(f)
		for _, m := range measures {
			r.Line(fmt.Sprintf("weather.%s.x%v", m.name, f), m.of(x.arm(planned))/m.of(x.arm(naive)), "ratio")
		}
		r.Line(fmt.Sprintf("weather.upstream.x%v", f), float64(x.calls(planned))/float64(x.calls(naive)), "ratio")
	}
}

// overExpert compares the planned service with the expert's. Noise is how far two runs of the same
// are apart whose providers draw other latencies, of the one of them that is noisier.
func (x *experiment) overExpert(r *figure.Report) {
	planned, expert := x.arm("epa/planned"), x.arm("epa/expert")
	for _, m := range measures {
		r.Line("weather.expert."+m.name, m.of(planned)/m.of(expert), "ratio")
		noise := max(apart(planned, x.arm("epa/planned again"), m.of, r.Seed), apart(expert, x.arm("epa/expert again"), m.of, r.Seed))
		r.Line("weather.expert."+m.name+".noise", noise, "ratio")
		r.Note("epa/%s: %.2f ms planned, %.2f again; expert %.2f, %.2f again", m.name,
			1e3*m.of(planned), 1e3*m.of(x.arm("epa/planned again")), 1e3*m.of(expert), 1e3*m.of(x.arm("epa/expert again")))
	}
	for _, m := range measures {
		r.Line("weather.expert.unsurveyed."+m.name, m.of(planned)/m.of(x.arm("epa/expert without survey")), "ratio")
	}
	r.Line("weather.expert.unsurveyed.upstream", float64(x.calls("epa/planned"))/float64(x.calls("epa/expert without survey")), "ratio")
	r.Line("weather.expert.upstream", float64(x.calls("epa/planned"))/float64(x.calls("epa/expert")), "ratio")
	r.Line("weather.expert.upstream.day", float64(x.results["epa/planned"].total)/float64(x.results["epa/expert"].total), "ratio")
	r.Note("epa: %d calls of providers as written, %d planned, %d the expert's; from the begin of the day on %d planned, %d the expert's", x.calls("epa/naive"),
		x.calls("epa/planned"), x.calls("epa/expert"), x.results["epa/planned"].total, x.results["epa/expert"].total)
	for _, f := range slower {
		planned, expert := "epa/planned"+suffix(f), "epa/expert"+suffix(f)
		for _, m := range measures {
			r.Line(fmt.Sprintf("weather.expert.%s.x%v", m.name, f), m.of(x.arm(planned))/m.of(x.arm(expert)), "ratio")
		}
		r.Line(fmt.Sprintf("weather.expert.upstream.x%v", f), float64(x.calls(planned))/float64(x.calls(expert)), "ratio")
		r.Line(fmt.Sprintf("weather.expert.upstream.day.x%v", f), float64(x.results[planned].total)/float64(x.results[expert].total), "ratio")
	}
}
