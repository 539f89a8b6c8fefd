// Package usage tells what a process has used of the machine.
package usage

import "time"

// A Usage is what a process has used since it began; zeros where the system does not say.
type Usage struct {
	Processor time.Duration // of all its threads, in steps of 10 ms
	Memory    int64         // bytes, at most at any time
}

// Since returns what was used since it was before. Memory is what there was at most, then or now.
func (u Usage) Since(before Usage) Usage { return Usage{u.Processor - before.Processor, u.Memory} }
