package effect

// Schedules: flows that run at fixed intervals.

import (
	"slices"
	"time"
)

// shortest bounds how often a schedule runs.
const shortest = time.Second

// every checks the line of a schedule; false if it cannot count.
func (c *claim) every(d directive) bool {
	if slices.ContainsFunc(c.triggers, func(t directive) bool { return t.name.text == "every" }) {
		c.report(d.name.pos, d.end, "FX120", prefix+"every is given twice", "keep the line that is meant")
		return false
	}
	age := d.args[0]
	if c.duration("every", age) >= shortest {
		return true
	}
	if period, err := time.ParseDuration(age.text); err == nil && period >= 0 { // else it has been reported
		c.report(age.pos, age.end(), "FX129", "every "+age.text+" is more often than once a second", "write "+prefix+"every 1s, or longer")
	}
	return false
}

// runs checks that a schedule can call the function: with a context, and nothing else.
func (c *claim) runs(d directive) {
	sig := c.fn.Signature()
	switch {
	case sig.Recv() != nil:
		c.cannot(d, "FX129", c.ident.Name+" needs a receiver, and a schedule has none", "make it a function, and keep what it needs in a package variable")
		return
	case sig.TypeParams().Len() > 0:
		c.cannot(d, "FX129", c.ident.Name+" has type parameters, which no schedule fills", "call it from a flow with the types filled in, and put the schedule there")
		return
	}
	for v := range sig.Params().Variables() {
		if !isContext(v.Type()) {
			name := v.Name()
			if name == "" || name == "_" {
				name = "a parameter of type " + c.typeName(v.Type())
			}
			c.cannot(d, "FX129", c.ident.Name+" takes "+name+", which no schedule gives it", "take nothing but a context, and read what is needed inside")
			return
		}
	}
}
