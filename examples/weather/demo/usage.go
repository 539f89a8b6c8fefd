package main

import "time"

// A usage is what a process has used of the machine; zeros where the system does not say.
type usage struct {
	cpu    time.Duration
	memory int64 // bytes, at most at any time
}

func (u usage) since(before usage) usage { return usage{u.cpu - before.cpu, u.memory} }
