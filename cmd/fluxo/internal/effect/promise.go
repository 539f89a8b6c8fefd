package effect

// Steps are held to their promises, as far as their code shows; flows get the
// effects that they reach.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// promises compares the declared functions with what their bodies were seen to do.
func (r *Result) promises(all []*declared) {
	for _, d := range all {
		s, ok := r.known[d.fn]
		f := r.inference.funcs[d.fn]
		if !ok || f == nil {
			continue
		}
		switch {
		case s.Role == FlowRole:
			f.found.shares(&s)
			s.Effects = f.found.reach
			if f.found.fresh {
				s.Effects = addEffect(s.Effects, graph.Effect{Class: graph.Volatile}) // never to be used again
			}
			if f.found.identity != "" {
				s.Effects = addEffect(s.Effects, graph.Effect{Class: graph.Pure, Hidden: f.found.identity})
			}
		case s.Role == StepRole:
			r.keepsPromise(d, &s, f.found)
		}
		r.known[d.fn] = s
	}
}

// keepsPromise reports what breaks the promise for certain, and notes inputs
// that the flow does not show.
func (r *Result) keepsPromise(d *declared, s *Summary, f *finding) {
	report := reporterFor(r.pass)
	name := d.ident.Name
	class, ok := keepable(*s)
	if !ok {
		if s.From == "directive" && isLocal(*s) {
			f.changesOutside(d, *s, report)
		}
		if s.From == "directive" && len(s.Effects) == 1 && s.Effects[0].Class == graph.Opaque {
			f.shares(s)
		}
		return
	}
	s.Panics = f.panics
	if class == graph.Pure && f.proof != "" {
		report(d.ident.Pos(), d.ident.End(), "FX301", name+" is declared pure, but "+f.proof, "remove "+prefix+"pure, or say what "+name+" is: "+prefix+"reads, "+prefix+"volatile, "+prefix+"effect")
		s.hide(class, f.proof)
		return
	}
	if f.changesOutside(d, *s, report) {
		s.hide(class, f.changed())
		return
	}
	for _, i := range sorted(f.edits) {
		if where := f.edits[i]; where != "" {
			report(d.ident.Pos(), d.ident.End(), "FX302", fmt.Sprintf("%s changes what %s points to (%s)", name, parameterName(d, i), where), "let "+name+" change a copy and return it; what others share belongs to a step with "+prefix+"effect")
			s.hide(class, "it changes "+parameterName(d, i))
			return
		}
	}
	if h := f.hidden; h.what != "" {
		fix := "mark the function that extracts it with " + prefix + "context and pass its result to " + name
		if h.key != "" {
			fix += ", or say " + prefix + "observer with the key if it cannot matter"
		} else { // whoever extracts it is known
			fix = "let the flow call that function, and pass its result to " + name
		}
		report(d.ident.Pos(), d.ident.End(), "FX303", name+" depends on "+h.what, fix)
		s.hide(class, h.what)
	}
	// Named data may well lie in this process, in a map behind a lock: whoever
	// changes it says writes.
	if h := f.hiddenVar; h.what != "" && class != graph.Reads {
		report(d.ident.Pos(), d.ident.End(), "FX304", name+" depends on "+h.what, "pass it to "+name+" as an argument, or set it only at the start")
		s.hide(class, h.what)
	}
	if f.identity != "" {
		s.hide(class, f.identity)
	}
	f.sharesKept(s, d.fn)
}

// keepable is the class of a step whose results may be kept.
func keepable(s Summary) (graph.Class, bool) {
	if len(s.Effects) == 0 {
		return graph.Pure, true
	}
	c := s.Effects[0].Class
	return c, c == graph.Pure || c == graph.Reads || c == graph.Volatile
}

// hide notes a hidden input, on an effect of its own where the step has none.
func (s *Summary) hide(class graph.Class, what string) {
	if len(s.Effects) == 0 {
		s.Effects = []graph.Effect{{Class: class}}
	}
	if s.Effects[0].Hidden == "" {
		s.Effects[0].Hidden = what
	}
}

func parameterName(d *declared, i int) string {
	sig := d.fn.Signature()
	if i == Receiver {
		if n := sig.Recv().Name(); n != "" {
			return n
		}
		return "its receiver"
	}
	return sig.Params().At(i).Name()
}

// sorted lists the keys of a set of parameters.
func sorted[V any](m map[int]V) []int {
	var list []int
	for i := range m {
		list = append(list, i)
	}
	slices.Sort(list)
	return list
}
