package diag

// FX2xx: what a flow must not hold. FX207 was a deferred function that sets a
// result, which is allowed now; its code is not given again.

var _ = register([]Rule{
	{"FX201", "goroutine", "nobody would wait for it: its effects have no place in the order of the flow"},
	{"FX202", "channel", "what a channel delivers depends on who sends first, which no graph can show"},
	{"FX203", "select", "which case runs depends on timing, and timing is not meaning"},
	{"FX204", "goto", "the graph has blocks and loops, and a jump into their middle has no place in it"},
	{"FX205", "unbounded loop", "a loop that calls steps ends when its range or its condition says so"},
	{"FX206", "recover", "a plan may run what panics at another place; the panic is raised where the source has it, and ends the flow"},
	{"FX208", "write to a package variable", "later calls of the flow would depend on earlier ones, unseen"},
	{"FX209", "unsafe", "memory behind an unsafe pointer can be neither compared nor copied"},
	{"FX210", "look at the state of a context", "whether time is up depends on timing, and timing is not meaning"},
	{"FX211", "order of a map", "a map is iterated in another order every time, so that the same request would have different answers"},
	{"FX212", "step in the head of a loop", "the head of a loop runs between iterations, where the graph has no place for a step"},
	{"FX213", "flows that call each other", "a flow's graph has its callees inside, and would have no end"},
	{"FX214", "type that has no name here", "a variable of the flow is kept in a struct, and this one's type cannot be written in this package"},
	{"FX215", "stored function whose captures change", "a plan may run the function beside the code that changes what it looks at"},
	{"FX216", "step in a case", "cases are tried one after the other, and the graph has no place for a step between them"},
	{"FX217", "iterator", "an iterator that is not known to be pure runs code between iterations"},
	{"FX218", "fork-join of another shape", "the functions that a flow runs beside each other are read as parts of it, and end where their text ends"},
	{"FX219", "loop variable of all iterations", "in a lifted loop every iteration has a variable of its own, as in Go 1.22, and iterations may run beside each other"},
	{"FX220", "name that emitted code needs", "emitted code stands in the package, and there the name would mean the package's own"},
})

// FX5xx: what could be faster.

var _ = register([]Rule{
	{"FX501", "opaque call in a GET or a handler", "what may change anything keeps its place among the other calls, and nothing around it is kept or shared"},
	{"FX502", "effect without a journal", "until there is a journal, effects run in place and in order, and a crash leaves it open whether they happened"},
	{"FX503", "helper that extracts a context value", "what middleware put into the context is an input like any other, if the function that takes it out says so; otherwise nothing is known of that function"},
	{"FX504", "step that sends a POST request", "a POST may be a question, or change something; what a step with such a promise changes would be missing where a result is kept, and happen twice where it is asked again"},
})
