package diag

// FX3xx: steps whose code breaks their promise.

var _ = register([]Rule{
	{"FX301", "pure step that is not pure", "a result that is kept or computed early must not depend on, or change, anything but the arguments"},
	{"FX302", "step that changes its argument", "arguments of reads and volatile steps are shared with other callers"},
	{"FX303", "step with a hidden context value", "what a result depends on must be visible in the flow, or one caller's answer is given to another"},
	{"FX304", "step with a hidden variable", "what a result depends on must be visible in the flow, or an old answer outlives the change"},
	{"FX305", "step that changes the outside world", "what reads, volatile and local steps return is kept, shared and asked for again, and then the change is missing or happens twice"},
})
