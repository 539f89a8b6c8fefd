package patch

// Mutants of coalesce: who shares what with whom, and until when.

const (
	flightFile = "internal/engine/flight.go"
	detachFile = "internal/engine/detach.go"
	departFile = "internal/engine/depart.go"
)

var share = []Patch{
	{
		"share/one leaves", "one caller's cancellation does not reach the others",
		"",
		[]Edit{{flightFile, "\tif last {\n\t\tfl.time().cancel()", "\tif true {\n\t\tfl.time().cancel()"}},
	},
	{
		"share/leader's context", "a flight runs on a context of its own",
		"",
		[]Edit{{detachFile, "context.WithoutCancel(ctx)", "ctx"}},
	},
	{
		"share/leader's deadline", "a flight runs under the latest deadline among its callers",
		"",
		[]Edit{{flightFile, "\tfl.time().extend(deadline(ctx))\n", ""}, {flightFile, " || fl.seen.failed && fl.time().shorter(deadline(ctx))", ""}},
	},
	{
		"share/told a deadline", "a failure for want of time does not reach those who have more",
		"",
		[]Edit{{flightFile, " || fl.seen.failed && fl.time().shorter(deadline(ctx))", ""}},
	},
	{
		"share/nobody left", "a flight ends when its last caller has left",
		"",
		[]Edit{{flightFile, "\tif last {\n\t\tfl.time().cancel()", "\tif false {\n\t\tfl.time().cancel()"}},
	},
	{
		"share/after its end", "errors are shared within the flight only",
		"Q0 Q3",
		[]Edit{{flightFile, "\te.flights.mu.Lock()\n\tif e.flights.open[fl.key] == fl {", "\te.flights.mu.Lock()\n\tif false {"}},
	},
	{
		"share/written", "an invalidation closes a flight to new callers",
		"Q1",
		[]Edit{{flightFile, "return fl.rec.isOpen(now) && unchanged(fl.start)", "return fl.rec.isOpen(now)"}},
	},
	{
		"share/too old", "what was read too long ago closes a flight to new callers",
		"Q0 Q5",
		[]Edit{{flightFile, "return fl.rec.isOpen(now) && unchanged(fl.start)", "return unchanged(fl.start)"}},
	},
	{
		"share/hidden", "a flight that read a foreign context value is its leader's alone",
		"Q4",
		[]Edit{{flightFile, "fl.seen.hidden != nil || fl.raised", "fl.raised"}, {recordFile, "return r.hidden == nil && (", "return ("}},
	},
	{
		"share/not watched", "a flight's context carries observers' keys only",
		"Q4",
		[]Edit{{detachFile, "rec: &recording{watch: true},", "rec: &recording{},"}},
	},
	{
		"share/one memory", "each caller gets a copy",
		"Q7",
		[]Edit{{flightFile, "t.load(m.data, f, fl.saved)", "move(m.data, f, fl.frame, fl.thread.marks)"}},
	},
	{
		"share/any block", "a flight is of one block",
		"",
		[]Edit{{flightFile, "\tt.keys = append(t.keys, m.name...)\n", ""}},
	},
	{
		"share/panic lost", "a panic in a flight is raised in each of its callers",
		"",
		[]Edit{{flightFile, "\tif fl.raised != nil {\n\t\tfl.raised.again(t)\n\t}\n", ""}},
	},
	{
		"share/answers once", "a failure edge that answers for itself is run by each caller",
		"A0",
		[]Edit{{departFile, "if slices.Contains(t.barred, n.id) {", "if false {"}},
	},
	{
		"share/in a fill", "an entry expires with any volatile call inside its fill, in a flight too",
		"",
		[]Edit{{flightFile, "\tt.rec.absorb(fl.seen)\n", ""}},
	},
	{
		"share/marks", "a fill sets what a flight inside it has set",
		"",
		[]Edit{{flightFile, "\t\tt.marks[i] |= fl.thread.marks[i]\n", "\t\tt.marks[i] |= 0\n"}},
	},
}
