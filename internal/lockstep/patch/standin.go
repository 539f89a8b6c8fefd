package patch

// Mutants of onerror: a result that stands in for a failed call.

const standInFile = "internal/engine/standin.go"

var standIns = []Patch{
	{
		"onerror/for ever", "a region with a stand-in inside expires at the next try",
		"Q12",
		[]Edit{{standInFile, "\tt.rec.expire(until)\n", "\t_ = until\n"}},
	},
	{
		"onerror/too long", "the last result stands in until S after it began, which no failed refresh extends",
		"Q12",
		[]Edit{{standInFile, "size, s.life, began.Add(s.limit))", "size, s.life, began.Add(10*s.limit))"}},
	},
	{
		"onerror/without failure", "the last result stands in only after a failure",
		"",
		[]Edit{{standInFile, "failing, due := !last.nextTry.IsZero(), !now.Before(last.nextTry) && !last.trying", "failing, due := true, !now.Before(last.nextTry) && !last.trying"}},
	},
}
