package patch

// Mutants of second tries.

const hedgeFile = "internal/engine/hedge.go"

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
