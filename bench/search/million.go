package search

// A million requests, in a process of its own, so that its memory can be told.

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
)

// Million is a trace that is read from a file: the process never holds it.
var Million = figure.Figure{
	Name:  "search.million",
	About: "time to find a plan for a million requests in a file, and the process's resident memory at most",
	Run: func(r *figure.Report) error {
		dir, err := os.MkdirTemp("", "million")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file, bin := filepath.Join(dir, "trace"), filepath.Join(dir, "million")
		if err := record(file, 1_000_000, r.Seed); err != nil {
			return err
		}
		if out, err := exec.Command("go", "build", "-o", bin, "fluxo.dev/fluxo/bench/search/million").CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		cmd := exec.Command(bin, file)
		cmd.Stderr = r.Notes
		out, err := cmd.Output()
		if err != nil {
			return err
		}
		var seconds, megabytes float64
		if _, err := fmt.Sscan(string(out), &seconds, &megabytes); err != nil {
			return fmt.Errorf("%q: %w", out, err)
		}
		r.Line("search.million", seconds, "s")
		r.Line("search.million.memory", megabytes, "MB")
		return nil
	},
}

// record writes a trace of so many requests for the weather of a tenth as many towns.
func record(name string, requests int, seed uint64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	b := bufio.NewWriter(f)
	w, err := profile.NewWriter(b, tracetest.WeatherHead())
	if err != nil {
		return err
	}
	for i, a := range tracetest.Zipf(requests, requests/10, seed) {
		if err := w.Add(tracetest.WeatherRun(a, seed+uint64(i))); err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return f.Close()
}
