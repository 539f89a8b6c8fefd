package command

// fluxo record.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

const recordHelp = `Record writes requests of a running service to a file, for plan, simulate and explain:
when each came, what it ran and for how long, and which values were equal, by hashes. It has no values
in it. Only flows that run as written are recorded, so start the service without its plan:

	fluxo run ./weather -plain                        in another terminal, and send it requests
	fluxo record -for 10m -o day.trace                the service that runs here
	fluxo record -requests 500 -o day.trace weather   the one of that name, or process number; ends after 500

Interrupted, it ends earlier and keeps what there is. It has to run as the user that the service runs as. A
service that "fluxo run" did not start listens for it if it is given FLUXO_CONTROL=on.`

// recordFor is how long is recorded if nothing is said.
const recordFor = "1m"

func runRecord(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("record", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("record", "for", "o", "requests"); err != nil {
		return err
	}
	file, _ := args.get("o")
	if file == "" {
		return usageError("into which file? -o FILE names it")
	}
	wait, given := args.get("for")
	if !given {
		wait = recordFor
	}
	if d, err := time.ParseDuration(wait); err != nil || d <= 0 {
		return usageError(fmt.Sprintf("-for is a time like 90s or 10m, not %q", wait))
	}
	most := 0
	if text, given := args.get("requests"); given {
		if most, err = strconv.Atoi(text); err != nil || most < 1 {
			return usageError(fmt.Sprintf("-requests is a number from 1 on, not %q", text))
		}
	}
	s, err := findRunning(args.packages)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	return s.record(ctx, c, file, wait, most)
}

// record writes what the service sends.
func (s *running) record(ctx context.Context, c console, file, wait string, most int) error {
	body, err := s.get(ctx, "/trace?for="+wait)
	if err != nil {
		return err
	}
	defer body.Close()
	in, err := profile.NewReader(body)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	out, err := profile.NewWriter(f, in.Head())
	if err != nil {
		return errors.Join(err, f.Close())
	}
	fmt.Fprintf(c.err, "recording %s for %s\n", s.name, wait)
	n := 0
	for most == 0 || n < most {
		run, err := in.Next()
		if err != nil {
			break // the time is over, the service ended, or somebody interrupts
		}
		if err := out.Add(run); err != nil {
			return errors.Join(err, f.Close())
		}
		n++
	}
	fmt.Fprintf(c.err, "%d requests in %s\n", n, file)
	return f.Close()
}
