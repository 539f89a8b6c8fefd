// Command busy calls its flow on all processors for a while, each time that it reads a line with a time, and
// prints the calls and the processor time that they took.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		d, err := time.ParseDuration(in.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, "busy:", err)
			os.Exit(2)
		}
		calls, used := load(d)
		fmt.Println(calls, used.Nanoseconds())
	}
}

// load calls the flow for d.
func load(d time.Duration) (calls int64, used time.Duration) {
	began, end := processor(), time.Now().Add(d)
	var n atomic.Int64
	var wg sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			i := 0
			for ; i&63 != 0 || time.Now().Before(end); i++ {
				if _, err := Search(context.Background(), "query "+strconv.Itoa((i*31+w)%5000)); err != nil {
					fmt.Fprintln(os.Stderr, "busy:", err)
					os.Exit(1)
				}
			}
			n.Add(int64(i))
		})
	}
	wg.Wait()
	return n.Load(), processor() - began
}

// processor returns the processor time of the process so far.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Fprintln(os.Stderr, "busy:", err)
		os.Exit(1)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
