package patch

// Mutants of what is done beside the walk so that nobody waits: results computed again
// before they expire, and second tries.

const (
	refreshFile = "internal/engine/refresh.go"
	hedgeFile   = "internal/engine/hedge.go"
)

var refreshes = []Patch{
	{
		"refresh/longer life", "a refresh that fails never extends a life",
		"Q0",
		[]Edit{{refreshFile, "\t\town.fill(k, []byte(key), frame)\n", `
		own.fill(k, []byte(key), frame)
		if own.rec.seen().failed {
			old := &results{exit: r.exit, set: r.set, values: r.values, expires: r.expires.AddDate(1, 0, 0), stamps: r.stamps}
			k.region.Put([]byte(key), old, entryOverhead, 0, old.expires)
		}
`}},
	},
}

var hedges = []Patch{
	{
		"hedge/not cancelled", "the try that does not count hears that it is over",
		"",
		[]Edit{{hedgeFile, "\t\tt.drop([]*fork{other})\n", "\t\t_ = other\n"}},
	},
	{
		"hedge/the other one", "what counts is the try that has ended",
		"",
		[]Edit{{hedgeFile, "\treturn t.take(taken, f)", "\tif other != nil {\n\t\ttaken = other\n\t}\n\treturn t.take(taken, f)"}},
	},
	{
		"hedge/exit", "how the try that counts is left is how the block is left",
		"",
		[]Edit{{hedgeFile, "\treturn t.take(taken, f)", "\tt.take(taken, f)\n\treturn Next"}},
	},
}
