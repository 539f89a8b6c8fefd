package main

// The same two halves on two kernel threads, without Go's scheduler between them:
// what the machine allows.

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// A half is a kernel thread of its own that sleeps until it is given work.
type half struct {
	given uint32 // counts the work given; its address is what the thread sleeps on
	done  atomic.Uint32
	turns int
	x     uint64
}

func init() {
	h := &half{}
	go h.run()
	bothByThreads = h.both
}

// Of the kernel's futex operations, those on memory of one process.
const (
	futexWait = 0 | 128
	futexWake = 1 | 128
)

func (h *half) futex(op int, val uint32) {
	syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&h.given)), uintptr(op), uintptr(val), 0, 0, 0)
}

func (h *half) run() {
	runtime.LockOSThread()
	for last := uint32(0); ; {
		h.futex(futexWait, last)
		if now := atomic.LoadUint32(&h.given); now != last {
			last = now
			h.x = Right(h.turns)
			h.done.Store(now)
		}
	}
}

// both wakes the thread and does the other half meanwhile. It does not sleep
// itself until the thread is done, which would cost a second wake-up.
func (h *half) both(turns int) uint64 {
	h.turns = turns
	n := atomic.AddUint32(&h.given, 1)
	h.futex(futexWake, 1)
	l := Left(turns)
	for h.done.Load() != n {
	}
	return l ^ h.x
}
