package lockstep

// Runs: the planned binary's histories, piped to the plain one, which judges them.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// A Summary is what the runs of a pair came to.
type Summary struct {
	Programs, Runs, Requests, Paths, Undecided int
	Reached                                    []string // "law kind edge"
	Differences                                []harness.Finding
}

// processors is how many pairs of processes run at the same time.
const processors = 2

// Run does runs live runs of each package under plans that are legal, and judges
// them. The same seed gives the same runs.
func (p *Pair) Run(ctx context.Context, seed uint64, runs int) (Summary, error) {
	sums, errs := make([]Summary, processors), make([]error, processors)
	done := make(chan int)
	for i := range processors {
		go func() {
			defer func() { done <- i }()
			errs[i] = p.pipe(ctx, p.planned, nil, sums[i].add, "-seed", fmt.Sprint(seed), "-runs", fmt.Sprint(runs), "-part", fmt.Sprint(i, "/", processors))
		}()
	}
	for range processors {
		<-done
	}
	all := Summary{Programs: p.Programs}
	for _, s := range sums {
		all.Add(s)
	}
	return all, errors.Join(errs...)
}

// Add adds other runs to s.
func (s *Summary) Add(o Summary) {
	s.Programs += o.Programs
	s.Runs += o.Runs
	s.Requests += o.Requests
	s.Paths += o.Paths
	s.Undecided += o.Undecided
	s.Reached = append(s.Reached, o.Reached...)
	slices.Sort(s.Reached)
	s.Reached = slices.Compact(s.Reached)
	s.Differences = append(s.Differences, o.Differences...)
}

// add takes a finding of the judge; the last one sums up.
func (s *Summary) add(f harness.Finding) {
	if f.Wrong != "" {
		s.Differences = append(s.Differences, f)
		return
	}
	s.Runs, s.Requests, s.Paths, s.Undecided, s.Reached = f.Runs, f.Requests, f.Paths, f.Undecided, f.Reached
}

// pipe runs a binary that fluxo built with args and has the plain one judge what it
// writes; each finding goes to found.
func (p *Pair) pipe(ctx context.Context, binary string, in io.Reader, found func(harness.Finding), args ...string) error {
	live, judge := exec.CommandContext(ctx, binary, args...), exec.CommandContext(ctx, p.plain)
	var liveErr, judgeErr strings.Builder
	live.Stderr, judge.Stderr = &liveErr, &judgeErr
	if in != nil {
		stdin, err := live.StdinPipe() // which closes with the process, whoever still writes
		if err != nil {
			return err
		}
		go io.Copy(stdin, in)
	}
	r, err := live.StdoutPipe()
	if err != nil {
		return err
	}
	judge.Stdin = r
	findings, err := judge.StdoutPipe()
	if err != nil {
		return err
	}
	if err := live.Start(); err != nil {
		return err
	}
	if err := judge.Start(); err != nil {
		live.Process.Kill()
		return errors.Join(err, live.Wait())
	}
	scanErr := read(findings, found)
	judgeWait := judge.Wait()
	if liveWait := live.Wait(); liveWait != nil {
		return &crash{liveWait, tail(liveErr.String())}
	}
	if err := errors.Join(judgeWait, scanErr); err != nil {
		return fmt.Errorf("%w\n%s", err, tail(judgeErr.String()))
	}
	return nil
}

// A crash is the end of a planned binary that should have gone on.
type crash struct {
	err  error
	text string
}

func (c *crash) Error() string { return fmt.Sprintf("the planned program died: %v\n%s", c.err, c.text) }
func (c *crash) Unwrap() error { return c.err }

// read reads the judge's findings.
func read(from io.Reader, found func(harness.Finding)) error {
	for dec := json.NewDecoder(from); ; {
		var f harness.Finding
		switch err := dec.Decode(&f); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		found(f)
	}
}

// tail keeps the beginning and the end of a program's complaint.
func tail(s string) string {
	const most = 2000
	if len(s) > 2*most {
		s = s[:most] + "\n…\n" + s[len(s)-most:]
	}
	return s
}
