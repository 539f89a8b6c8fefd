package planner

// The program: a process of its own, because it runs code that is anybody's.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// What a planner keeps of garbage: as GOGC says it, and no more than memory if it can make do with that.
const (
	GCPercent = 200
	memory    = 400 << 20
)

// BoundGarbage says what the process keeps of garbage, unless GOGC and GOMEMLIMIT do.
func BoundGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(GCPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
}

// Main is the main function of a planner. It does not return. The answer goes to a file and not to the
// standard output, which patterns may print on.
func Main() {
	if len(os.Args) != 2 {
		fail(errors.New("a planner is started by fluxo plan, with the name of a file for its answer"))
	}
	BoundGarbage()
	answer, err := answer(os.Stdin)
	if err != nil {
		fail(err)
	}
	if err := os.WriteFile(os.Args[1], answer, 0o600); err != nil {
		fail(err)
	}
	os.Exit(0)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// answer reads a question and returns the answer to it.
func answer(in io.Reader) ([]byte, error) {
	var q Question
	if err := json.NewDecoder(bufio.NewReader(in)).Decode(&q); err != nil {
		return nil, fmt.Errorf("this is no question to a planner: %w", err)
	}
	if q.Format != Format {
		return nil, fmt.Errorf("the fluxo command asks in format %d, and the planner of the service's module speaks format %d: give go.mod the version of fluxo.dev/fluxo that the command has", q.Format, Format)
	}
	record, err := Open(q.Traces, func(warning string) { fmt.Fprintln(os.Stderr, "warning:", warning) })
	if err != nil {
		return nil, err
	}
	a, err := Find(context.Background(), q, record, func(line string) { fmt.Fprintln(os.Stderr, line) })
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
}
