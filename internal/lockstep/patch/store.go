package patch

// Mutants of store: keys, expiry, what is not kept, and what is not served.

const (
	fillFile    = "internal/engine/fill.go"
	recordFile  = "internal/engine/record.go"
	resultsFile = "internal/engine/results.go"
	stampFile   = "internal/engine/stamp.go"
	stepFile    = "internal/engine/step.go"
	threadFile  = "internal/engine/thread.go"
	tableFile   = "internal/memo/table.go"
	hashFile    = "internal/memo/hash.go"
	keyFile     = "internal/engine/key.go"
	copyFile    = "rt/value_copy.go"
	scalarFile  = "rt/value.go"
	keyerFile   = "rt/value_key.go"
)

var store = []Patch{
	{
		"store/hash alone", "keys are compared in full, never by hash alone",
		"",
		[]Edit{{hashFile, "return fold(mixC^n, fold(a^mixB, b^h))", "return seed | fold(mixC^n, fold(a^mixB, b^h))&7"}, {tableFile, "&& e.key == ", `&& "" != `}},
	},
	{
		"store/part of the key", "the key is every value that enters",
		"",
		[]Edit{{keyFile, "\t\tif r.src.Kind == graph.Context {", "\t\tif r.src.Kind == graph.Context || i > 0 && i == len(refs)-1 {"}},
	},
	{
		"store/field left out", "the key is every field that enters",
		"",
		[]Edit{{keyFile, "\t\tif r.src.Kind == graph.Context {", "\t\tif r.src.Kind == graph.Context || r.src.Of != \"\" {"}},
	},
	{
		"store/nil and empty", "nil is not an empty slice",
		"Q6",
		[]Edit{
			{scalarFile, "\tif isNil {\n\t\treturn append(b, 0)\n\t}\n", ""},
			{keyerFile, "\tif s == nil {\n\t\tk.B = append(k.B, tagNil)\n\t\treturn false\n\t}\n", ""},
		},
	},
	{
		"store/minus zero", "-0 is not 0",
		"Q6",
		[]Edit{{scalarFile, "return Key64(b, math.Float64bits(v))", "return Key64(b, math.Float64bits(v+0))"}},
	},
	{
		"store/for ever", "an entry expires with what was read inside its fill",
		"",
		[]Edit{{fillFile, "size, r.took, s.expires)", "size, r.took, began.AddDate(1, 0, 0))"}},
	},
	{
		"store/not expired", "what has expired is not served",
		"",
		[]Edit{{"internal/memo/store.go", "return e.expires != never && e.expires <= int64(r.store.clock())", "return false"}},
	},
	{
		"store/since the end", "a volatile call expires D after it began",
		"Q7",
		[]Edit{{stepFile, "t.rec.expire(began.Add(n.reads.life))", "t.rec.expire(t.plan.engine.world.Now().Add(n.reads.life))"}},
	},
	{
		"store/latest expiry", "the earliest expiry of what was read counts",
		"",
		[]Edit{{recordFile, "if a.IsZero() || !b.IsZero() && b.Before(a) {", "if a.IsZero() || !b.IsZero() && a.Before(b) {"}},
	},
	{
		"store/nested hit", "an entry expires with any stored entry read inside its fill",
		"Q0 Q3 Q2",
		[]Edit{{resultsFile, "seen{expires: r.expires, stamps: r.stamps,", "seen{stamps: r.stamps,"}},
	},
	{
		"store/nested data", "an entry is exact in what a stored entry inside its fill read",
		"Q1 Q0",
		[]Edit{{resultsFile, "seen{expires: r.expires, stamps: r.stamps,", "seen{expires: r.expires,"}},
	},
	{
		"store/nested fill", "an entry expires with any volatile call inside its fill, inside a fill in it too",
		"",
		[]Edit{{fillFile, "\touter.absorb(rec.seen())\n", ""}},
	},
	{
		"store/fork in a fill", "an entry expires with any volatile call inside its fill, on a fork too",
		"",
		[]Edit{{forkFile, "\t\tt.rec.absorb(k.thread.rec.seen())\n", ""}},
	},
	{
		"store/flow in a fill", "an entry expires with any volatile call inside its fill, in a flow called too",
		"",
		[]Edit{{threadFile, "\t\tt.sink.absorb(t.rec.seen())\n", ""}},
	},
	{
		"store/flow unseen", "a flow that runs as written is not seen into, so that nothing is kept",
		"Q2",
		[]Edit{{stepFile, "n.reads.unseen || failed", "failed"}},
	},
	{
		"store/errors", "errors are never stored",
		"",
		[]Edit{{stepFile, "n.reads.unseen || failed", "n.reads.unseen"}, {fillFile, " || !k.mayKeepErrors(e, f, marks)", ""}},
	},
	{
		"store/errors handled", "a region that saw an error is not stored, even if it returned normally",
		"Q3 Q0",
		[]Edit{{stepFile, "n.reads.unseen || failed", "n.reads.unseen"}},
	},
	{
		"store/kinds", "only errors of the kinds that a step lists may be kept",
		"Q1",
		[]Edit{{stepFile, "return slices.Contains(n.reads.errors, t.plan.engine.kindOf(t.err))", "return len(n.reads.errors) > 0"}, {fillFile, " || !k.mayKeepErrors(e, f, marks)", ""}},
	},
	{
		"store/cancelled", "a region that saw a cancellation is not stored, even if it returned normally",
		"Q3 Q7",
		[]Edit{{recordFile, "\t\tr.failed = r.failed || c.Err() != nil\n", "\t\t_ = c\n"}},
	},
	{
		"store/exit", "how a region is left is part of its result",
		"",
		[]Edit{{fillFile, "\t\t\treturn r.exit", "\t\t\treturn Next"}},
	},
	{
		"store/hidden", "a result that depends on a foreign context value is not kept",
		"Q4",
		[]Edit{{fillFile, "s.failed || s.hidden != nil ||", "s.failed ||"}},
	},
	{
		"store/changed", "a result of named data is served only while nothing it read has changed",
		"",
		[]Edit{{fillFile, "unchanged(r.stamps) && (", "true && ("}},
	},
	{
		"store/changed meanwhile", "a result is kept only if nothing it read changed while it was computed",
		"Q1",
		[]Edit{{fillFile, "r.exit, r.expires, r.stamps, r.calls, r.stood = x, s.expires, s.stamps, s.calls, s.stood", `r.exit, r.expires, r.calls, r.stood = x, s.expires, s.calls, s.stood
	for _, old := range s.stamps {
		r.stamps = append(r.stamps, stamp{old.stripe, old.stripe.done.Load()})
	}`}, {fillFile, " || !unchanged(s.stamps)", ""}},
	},
	{
		"store/while written", "from its start until it returns, what a write matches is not served",
		"Q1",
		[]Edit{{stampFile, "return s.stripe.active.Load() == 0 && s.stripe.done.Load() == s.done", "return s.stripe.done.Load() == s.done"}},
	},
	{
		"store/read of all", "a write of one key matches a read of all",
		"Q9",
		[]Edit{{stampFile, "\t\t\tw = append(w, t.stripe(under, path))\n\t\t\tif last {", "\t\t\tif last {\n\t\t\t\tw = append(w, t.stripe(under, path))"}},
	},
	{
		"store/write of all", "a write of all matches a read of one key",
		"Q1",
		[]Edit{{stampFile, "\t\tadd(t.stripe(at, path))\n\t\tif last {", "\t\tif last {\n\t\t\tadd(t.stripe(at, path))"}},
	},
	{
		"store/copied in", "what is kept is copied",
		"Q7",
		[]Edit{{copyFile, "\td := make(S, len(*s), cap(*s)) // two", "\tif c.own {\n\t\treturn true\n\t}\n\td := make(S, len(*s), cap(*s)) // two"}},
	},
	{
		"store/copied out", "what a hit gives is copied",
		"Q7",
		[]Edit{{copyFile, "\td := make(S, len(*s), cap(*s)) // two", "\tif !c.own {\n\t\treturn true\n\t}\n\td := make(S, len(*s), cap(*s)) // two"}},
	},
	{
		"store/marks of a fill", "a fill sets what a fill inside it has set",
		"",
		[]Edit{{fillFile, "\t\touterMarks[i] |= marks[i]\n", "\t\tmarks[i] |= 0\n"}},
	},
}
