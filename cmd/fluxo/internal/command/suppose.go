package command

// What simulate is to suppose: flags with one value or several, and every combination of them.

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
)

// maxCombinations bounds what one command replays.
const maxCombinations = 256

// down is the value of -slower for an upstream that fails.
const down = "down"

// A supposition is one flag.
type supposition struct {
	flag   string
	step   string // of -slower for one step; as written, then its full name
	values []string
}

func (s supposition) name() string {
	if s.step == "" {
		return s.flag
	}
	return s.flag + " " + s.step[strings.LastIndexByte(s.step, '/')+1:]
}

// A suppositionSet is what a command line supposes, flag by flag.
type suppositionSet []supposition

// suppositions reads the flags.
func suppositions(args *arguments) (all suppositionSet, err error) {
	n := 1
	for _, f := range args.flags {
		s := supposition{flag: f.name}
		switch f.name {
		case "memory", "rate", "cores":
			s.values = strings.Split(f.value, ",")
		case "slower":
			step, values, one := strings.Cut(f.value, "=")
			if !one {
				step, values = "", step
			}
			s.step, s.values = step, strings.Split(values, ",")
		default:
			continue
		}
		for _, other := range all {
			if other.flag == s.flag && other.step == s.step {
				return nil, usageError(fmt.Sprintf("-%s is there twice; write several values as in -%[1]s %s,%s", s.flag, other.values[0], s.values[0]))
			}
		}
		for _, v := range s.values {
			if err := s.apply(&sim.Options{}, v); err != nil {
				return nil, err
			}
		}
		if n *= len(s.values); n > maxCombinations {
			return nil, usageError(fmt.Sprintf("these are more than %d combinations; give fewer values at once", maxCombinations))
		}
		all = append(all, s)
	}
	return all, nil
}

// lists counts the flags with several values.
func (all suppositionSet) lists() (n int) {
	for _, s := range all {
		if len(s.values) > 1 {
			n++
		}
	}
	return n
}

// combinations lists the values of the flags, the last one's changing first.
func (all suppositionSet) combinations() [][]string {
	out := [][]string{nil}
	for _, s := range all {
		var more [][]string
		for _, have := range out {
			for _, v := range s.values {
				more = append(more, append(have[:len(have):len(have)], v))
			}
		}
		out = more
	}
	return out
}

// apply adds one value to what a replay supposes.
func (s supposition) apply(o *sim.Options, value string) error {
	wrong := func(what string) error {
		return usageError(fmt.Sprintf("-%s is %s, not %q", s.flag, what, value))
	}
	switch s.flag {
	case "memory":
		b, ok := plan.ParseBytes(value)
		if !ok {
			return wrong("a size like 64MiB")
		}
		o.Memory = int64(b)
		return nil
	case "cores":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return wrong("a number from 1 on")
		}
		o.Cores = n
		return nil
	}
	if s.flag == "slower" && value == down {
		if s.step == "" {
			return usageError("-slower down: of which step? write -slower STEP=down")
		}
		o.Down = maps.Clone(o.Down)
		if o.Down == nil {
			o.Down = map[string]bool{}
		}
		o.Down[s.step] = true
		return nil
	}
	k, err := strconv.ParseFloat(value, 64)
	if err != nil || !(k > 0 && k <= 1e6) {
		return wrong("a factor above 0")
	}
	switch {
	case s.flag == "rate":
		o.Rate = k
	case s.step == "":
		o.SlowerAll = k
	default:
		if o.Slower == nil {
			o.Slower = map[string]float64{}
		}
		o.Slower[s.step] = k
	}
	return nil
}

// number returns a value as a number; NaN if it is none.
func (s supposition) number(value string) float64 {
	if b, ok := plan.ParseBytes(value); ok && s.flag == "memory" {
		return float64(b)
	}
	k, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return math.NaN()
	}
	return k
}

// options returns what a replay of one combination supposes.
func (t *traced) options(read *sim.Trace, all suppositionSet, values []string) (o sim.Options, err error) {
	for i, s := range all {
		if s.step == "" {
			if err := s.apply(&o, values[i]); err != nil {
				return o, err
			}
			continue
		}
		steps := t.stepsNamed(s.step)
		if len(steps) == 0 {
			return o, usageError(fmt.Sprintf("-slower: no flow calls a step %s; fluxo graph shows which they call", s.step))
		}
		for _, step := range steps {
			if err := read.Fails(step); values[i] == down && err != nil {
				return o, usageError("-slower: " + err.Error())
			}
			s.step = step
			if err := s.apply(&o, values[i]); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// stepsNamed returns the full names of the steps that a word means: a full name, or the end of it.
func (s *service) stepsNamed(word string) (names []string) {
	for _, f := range s.flows {
		for at := range f.Graph.Places() {
			if c := at.Node.Callee; c != "" && (c == word || strings.HasSuffix(c, "/"+word) || strings.HasSuffix(c, "."+word)) {
				names = append(names, c)
			}
		}
	}
	return names
}
