package diag

// FX4xx: conditions of the whole program, checked on the main package.

var _ = register([]Rule{
	{"FX401", "contradictory assumptions", "two packages of one program promise different things of the same function"},
	{"FX402", "sole on unknown data", "no step of the program reads or writes data of that name"},
	{"FX403", "implementation that disagrees with its interface", "calls through the interface rely on the interface's promise"},
	{"FX404", "acting word on an implementation that cannot be edited", "timeout, retry, limit and writes act by wrapping every implementation, and files of the module cache cannot be wrapped"},
	{"FX405", "constant that another package assigns", "a function that reads the variable counts as pure because its own package never changes it"},
	{"FX406", "environment that changes", "functions that read the environment count as constant"},
	{"FX407", "two flows for one request", "which of the two answers would depend on the order in which they are registered"},
})
