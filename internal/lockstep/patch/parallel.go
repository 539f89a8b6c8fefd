package patch

// Mutants of parallel: forks, what they leave behind, and later iterations.

const (
	forkFile   = "internal/engine/fork.go"
	loopFile   = "internal/engine/loop.go"
	raisedFile = "internal/engine/raised.go"
	walkFile   = "internal/engine/walk.go"
)

var parallel = []Patch{
	{
		"parallel/first failure", "of several failures, the first in source order is the one returned",
		"",
		[]Edit{{forkFile, "\tk.gate.Wait(nil)\n\tr.tally.taken.Add(1)\n\treturn t.take(k, f)", `
	for _, later := range t.begun {
		if later.state.Load() == done && (later.exit == Return || later.raised != nil) {
			return t.take(later, f)
		}
	}
	k.gate.Wait(nil)
	return t.take(k, f)`}},
	},
	{
		"parallel/failure at once", "a failure ends the flow where the source says, not where it is known",
		"Q5 Q8",
		[]Edit{{walkFile, "\t\treturn t.arrive(n.region, f)", `
		for _, k := range t.begun {
			if k.state.Load() == done && k.raised != nil {
				k.raised.again(t)
			}
		}
		return t.arrive(n.region, f)`}},
	},
	{
		"parallel/panic lost", "a panic is a failure at its source position",
		"",
		[]Edit{{forkFile, "\tif k.raised != nil {\n\t\tk.raised.again(t)\n\t}\n\treturn k.exit", "\treturn k.exit"}},
	},
	{
		"parallel/panic copied", "a panic is raised again with the identical value",
		"",
		[]Edit{{raisedFile, "\tpanic(r.value)", "\tpanic(slog.AnyValue(r.value))"}},
	},
	{
		"parallel/goexit", "Goexit in a branch is a failure at its source position",
		"",
		[]Edit{{raisedFile, "\t\truntime.Goexit()", "\t\treturn"}},
	},
	{
		"parallel/not cancelled", "a result that nobody takes is dropped, and its context cancelled",
		"",
		[]Edit{{forkFile, "\t\tk.thread.origin.end()\n\t\tif k.state", "\t\tif k.state"}},
	},
	{
		"parallel/goes on", "a dropped fork leaves no trace: it makes no further call",
		"Q11",
		[]Edit{{forkFile, "\t\tif k.state.Load() == dropped {\n\t\t\tif t.rec", "\t\tif false {\n\t\t\tif t.rec"}},
	},
	{
		"parallel/deaf", "cancellation passes to every step",
		"",
		[]Edit{{"internal/engine/context.go", "return context.WithCancel(c)", "return context.WithCancel(context.WithoutCancel(c))"}},
	},
	{
		"parallel/order of results", "results of iterations are applied in source order",
		"",
		[]Edit{{loopFile, "\t\tu := queue[0]\n", `
		for i, later := range queue {
			if i > 0 && later.goesOn() && later.frame.forks[0] != nil && later.frame.forks[0].state.Load() == done && queue[0].goesOn() {
				queue[0], queue[i] = queue[i], queue[0]
				break
			}
		}
		u := queue[0]
`}},
	},
	{
		"parallel/panic of the loop", "a loop's own panic comes when its iteration is due",
		"Q10",
		[]Edit{{loopFile, "\tif u.goesOn() {\n", "\tif u.panic != nil {\n\t\tu.panic.again(t)\n\t}\n\tif u.goesOn() {\n"}},
	},
	{
		"parallel/dropped fill", "what a dropped fork was about to keep is not whole",
		"Q11",
		[]Edit{{forkFile, "\t\t\tif t.rec != nil {\n\t\t\t\tt.rec.fail()\n\t\t\t}\n", ""}},
	},
}
