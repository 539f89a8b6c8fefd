package host

// Every bound of the HTTP side, with its default beside it.

import "time"

// Limits bounds what clients can make the service do. All are on by default.
type Limits struct {
	Connections int // open connections; further ones wait in the kernel's queue
	Requests    int // requests at a time; further ones get 503 at once

	HeaderBytes int   // request line and header; beyond it (net/http adds 4 KiB) 431
	BodyBytes   int64 // request body; beyond it 413
	AnswerBytes int   // encoded result; beyond it 500
	ListValues  int   // values of one query parameter that is a list; beyond it 400

	ReadHeader time.Duration // from the first byte of a request to the end of its header
	Read       time.Duration // from there to the end of its body
	Flow       time.Duration // from there to the answer: the flow's deadline; beyond it 504
	Write      time.Duration // writing the answer, beyond Flow
	Idle       time.Duration // a kept connection without a request
	Shutdown   time.Duration // for the requests in flight when the process is told to stop; idle connections are closed at once
}

// DefaultLimits returns the bounds of a service that says nothing about them.
// At worst Requests × BodyBytes = 1 GiB of bodies are held at a time.
func DefaultLimits() Limits {
	return Limits{
		Connections: 10_000,
		Requests:    1024,
		HeaderBytes: 32 << 10,
		BodyBytes:   1 << 20,
		AnswerBytes: 32 << 20,
		ListValues:  1000,
		ReadHeader:  5 * time.Second,
		Read:        15 * time.Second,
		Flow:        30 * time.Second,
		Write:       15 * time.Second,
		Idle:        2 * time.Minute,
		Shutdown:    20 * time.Second,
	}
}

// writing is how long it may take from the end of a request's header until its answer is written.
func (l *Limits) writing() time.Duration { return l.Read + l.Flow + l.Write }
