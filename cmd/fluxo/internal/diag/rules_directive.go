package diag

// FX1xx: what can be wrong with a directive by itself.

var _ = register([]Rule{
	{"FX101", "unknown directive or word", "Fluxo acts only on words that it knows, and a misspelt promise would silently not be made"},
	{"FX102", "misplaced directive", "directives stand directly above the function, method or interface method they speak for"},
	{"FX103", "detached directive", "a blank line parts the directive from its function, so Go no longer counts it as the function's"},
	{"FX104", "directive inside a body", "directives speak for whole functions, not for statements"},
	{"FX105", "space before the directive", "Go directives have no space after //, so this line is only a comment"},
	{"FX106", "contradictory directives", "a function has one class, and is either a step or a flow"},
	{"FX107", "word that does not go with the class", "the class of the step leaves the word no meaning"},
	{"FX108", "malformed duration", "durations are written as Go writes them, 10m or 1h30m, and are not negative"},
	{"FX109", "malformed number", "retry and limit take a small whole number"},
	{"FX110", "key of unknown parameter", "a key part is an expression over the function's parameters"},
	{"FX111", "malformed data key", "named data is written name or name:part:part, each part a literal or {parameter}"},
	{"FX112", "writes on a function that receives a transaction", "a write counts from its commit, and whoever owns the transaction commits later"},
	{"FX113", "deferrable effect with results", "a deferred effect runs after the answer, so nobody can use its results"},
	{"FX114", "batch function of another shape", "a batch function takes a slice of the step's argument and returns a slice of results and a slice of errors"},
	{"FX115", "undo function of another shape", "undo names a function of the same package that takes what the step takes and returns at most an error"},
	{"FX116", "bad route", "routes are patterns of net/http's ServeMux, with a leading slash"},
	{"FX117", "parameter that cannot be bound", "a route fills parameters by name from the path and the query, one struct from the body, and a context"},
	{"FX118", "not yet", "this version of Fluxo does not run it"},
	{"FX119", "missing or superfluous argument", "the directive's argument is part of the promise"},
	{"FX120", "directive or word given twice", "two values for one promise leave it open which one holds"},
	{"FX121", "word that needs a context or an error", "a time-out cancels the step's context, and a retry or an age for failures looks at the step's error"},
	{"FX122", "retry of something that may not be repeated", "a repeated effect happens twice"},
	{"FX123", "assume without a target", "assume speaks for one function that this package's imports can reach"},
	{"FX124", "unknown observer key", "an observer names a context key that the package can see"},
	{"FX125", "sole outside the main package", "only the program as a whole can answer for all writers"},
	{"FX127", "results that are no answer", "an answer is one value, an error, or both"},
	{"FX126", "unknown error kind", "only kinds of error that the service shares with Fluxo can be told apart when they come back"},
})
