package command

// fluxo profile.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/export"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

const profileHelp = `Profile shows what a running service has seen of itself since it began: how often it came by each node of its flows,
for how long, how often that failed, and how many different contents the node read. Services built by fluxo observe
themselves all the time, which costs a few per cent of processor time at most; FLUXO_PROFILE=off stops that.

	fluxo profile                                  the service that runs here
	fluxo profile -o monday.profile weather        into a file
	fluxo profile monday.profile tuesday.profile   files, merged; those of fluxo record count too
	fluxo profile -o week.profile *.profile        merged into a file
	fluxo profile -o day.pprof day.trace           for go tool pprof, by the lines of the source
	fluxo profile -o day.parquet day.trace         a table of all visits, for DuckDB and the like, of one file of fluxo record`

func runProfile(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("profile", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("profile", "o"); err != nil {
		return err
	}
	out, _ := args.get("o")
	if strings.HasSuffix(out, ".parquet") {
		if len(args.packages) != 1 {
			return usageError("a table is made of one file of fluxo record")
		}
		return writeNew(out, func(w io.Writer) error { return writeTable(w, args.packages[0]) })
	}
	p, err := profileOf(ctx, c, args.packages)
	switch {
	case err != nil:
		return err
	case strings.HasSuffix(out, ".pprof") || strings.HasSuffix(out, ".pb.gz"):
		return writeNew(out, func(w io.Writer) error { return export.Pprof(w, p) })
	case out != "":
		return writeNew(out, p.Write)
	}
	return printProfile(c.out, p)
}

// profileOf returns the profile of a running service, or that of files together, whose names have a dot or a
// separator in them.
func profileOf(ctx context.Context, c console, words []string) (*profile.Profile, error) {
	if len(words) == 0 || len(words) == 1 && !strings.ContainsAny(words[0], "./\\") {
		s, err := findRunning(words)
		if err != nil {
			return nil, err
		}
		body, err := s.get(ctx, "/profile")
		if err != nil {
			return nil, err
		}
		defer body.Close()
		return profile.ReadProfile(body)
	}
	whole := &profile.Profile{}
	for _, name := range words {
		p, err := readProfile(c, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := whole.Merge(p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return whole, nil
}

// readProfile reads a profile, or sums up a trace.
func readProfile(c console, name string) (*profile.Profile, error) {
	open := func() (io.ReadCloser, error) { return os.Open(name) }
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, notProfile := profile.ReadProfile(f)
	if notProfile == nil {
		return p, nil
	}
	src, err := profile.NewStream(open)
	if err != nil {
		return nil, notProfile
	}
	p, err = sumUp(src)
	if err != nil && p.Flows != nil {
		fmt.Fprintf(c.err, "warning: %s: %v; what comes before counts\n", name, err)
		err = nil
	}
	return p, err
}

// sumUp makes a profile of a trace.
func sumUp(src profile.Source) (*profile.Profile, error) {
	head := src.Head()
	graphs := map[graph.FlowName]string{}
	for _, f := range head.Flows {
		graphs[f.Name] = f.Graph
	}
	s := profile.NewSummary(head.Service, head.Began, func(name graph.FlowName) string { return graphs[name] })
	first, last := time.Duration(-1), time.Duration(0)
	for r, err := range src.Each() {
		if err == nil {
			err = s.Add(r)
		}
		if err != nil {
			return s.Profile(head.Began.Add(last), max(last-first, 0)), err
		}
		if first < 0 {
			first = r.At
		}
		last = max(last, r.At)
	}
	return s.Profile(head.Began.Add(last), max(last-first, 0)), nil
}

func writeTable(w io.Writer, name string) error {
	src, err := profile.NewStream(func() (io.ReadCloser, error) { return os.Open(name) })
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return export.Parquet(w, src)
}

// writeNew writes a file that must not be there. If that fails there is none.
func writeNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// printProfile prints p for people: flow by flow, the nodes where most time goes by first.
func printProfile(w io.Writer, p *profile.Profile) error {
	fmt.Fprintf(w, "%s, observed for %v", p.Service, p.Observed.Round(time.Second))
	if p.Processes > 1 {
		fmt.Fprintf(w, " in %d processes", p.Processes)
	}
	fmt.Fprintln(w)
	for _, f := range p.Flows {
		fmt.Fprintf(w, "\n%s\n", f.Flow)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "\tvisits\tmean\tp50\tp95\tp99\tfailed\tcontents\tbytes\t")
		fmt.Fprintf(t, "requests and calls\t%d\t%s\t%s\t\t\n", f.Runs, times(f.Took), fmt.Sprintf("%d\t%d", f.Raised, f.Asked.Distinct()))
		nodes := slices.Clone(f.Nodes)
		slices.SortStableFunc(nodes, func(a, b *profile.NodeProfile) int { return cmp.Compare(b.Took.Sum, a.Took.Sum) })
		for _, n := range nodes {
			bytes := int64(0)
			for _, v := range n.Sets {
				bytes += v.Bytes
			}
			fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%d\t%d\t\n", n.Node, n.Count, times(n.Took), n.Failures, n.Reads.Distinct(), bytes/max(n.Count, 1))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if len(p.Flows) == 0 {
		fmt.Fprintln(w, "no run of a flow was observed so far")
	}
	return nil
}

func times(s profile.Sketch) string {
	return strings.Join([]string{round(s.Mean()), round(s.Quantile(.5)), round(s.Quantile(.95)), round(s.Quantile(.99))}, "\t")
}
