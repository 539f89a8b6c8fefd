package command

// fluxo top.

import (
	"context"
	"encoding/json"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

const topHelp = `Top shows how a service that runs on this machine fares: of each flow how many requests come, how long they take
and how many fail; of each decision of its plan how often it helps, what it saves and what it gains, measured.

	fluxo top             the service that runs here, again and again; q leaves
	fluxo top weather     the one of that name, or process number
	fluxo top -once       one table, of all since the service began; so in a pipe, too

Gains are compared where a decision had enough runs with it and without it; before, the table says how many of them there are.
Figures are of the last 10 seconds. Flows that run as written count as far as the service observes them, in
short windows. The service has to run as the same user; if "fluxo run" did not start it, it is given FLUXO_CONTROL=on.`

const (
	topEvery  = time.Second
	topWindow = 10 // looks back, each topEvery apart
)

func runTop(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("top", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("top", "once"); err != nil {
		return err
	}
	s, err := findRunning(args.packages)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	if args.on("once") || !isTerminal(c.in) || !isTerminal(terminalOf(c.out)) {
		now, err := s.look(ctx)
		if err != nil {
			return err
		}
		before := look{at: now.statistics.Began, statistics: &profile.Statistics{}}
		for _, line := range topLines(before, now, "since it began") {
			fmt.Fprintln(c.out, line)
		}
		return nil
	}
	return s.watch(ctx, c)
}

// A look is what a service says of itself at one moment.
type look struct {
	at         time.Time
	statistics *profile.Statistics
	state      *rt.State
}

// look asks the service.
func (s *running) look(ctx context.Context) (look, error) {
	body, err := s.get(ctx, "/statistics")
	if err != nil {
		return look{}, err
	}
	defer body.Close()
	l := look{statistics: new(profile.Statistics)}
	if err := json.NewDecoder(body).Decode(l.statistics); err != nil {
		return look{}, fmt.Errorf("%s: its statistics cannot be read: %w", s.name, err)
	}
	l.at = l.statistics.At
	l.state, err = s.state(ctx)
	return l, err
}

// watch draws what the service says until somebody leaves, or it ends.
func (s *running) watch(ctx context.Context, c console) error {
	first, err := s.look(ctx)
	if err != nil {
		return err
	}
	sc, err := openScreen(c.in, terminalOf(c.out))
	if err != nil {
		return err
	}
	defer sc.close()
	looks := []look{first}
	t := time.NewTicker(topEvery)
	defer t.Stop()
	for {
		now := looks[len(looks)-1]
		sc.draw(append(topLines(looks[0], now, fmt.Sprintf("of the last %.0f s", now.at.Sub(looks[0].at).Seconds())), "", "q leaves"))
		select {
		case <-ctx.Done():
			return nil
		case <-sc.left:
			return nil
		case <-sc.resized:
		case <-t.C:
			next, err := s.look(ctx)
			if err != nil {
				return fmt.Errorf("%s does not answer any more: %w", s.name, err)
			}
			looks = append(looks, next)
			looks = looks[max(0, len(looks)-1-topWindow):]
		}
	}
}
