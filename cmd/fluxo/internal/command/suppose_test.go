package command

import (
	"math"
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/sim"
)

func TestSuppositions(t *testing.T) {
	args, err := parseArguments("simulate", strings.Fields("-memory 1MiB,4MiB -rate 1,3,10 -slower shop.Item=2,down -cores 4 ."))
	if err != nil {
		t.Fatal(err)
	}
	all, err := suppositions(args)
	if err != nil {
		t.Fatal(err)
	}
	combinations := all.combinations()
	if len(combinations) != 12 || all.lists() != 3 {
		t.Fatalf("%d combinations of %d lists", len(combinations), all.lists())
	}
	seen := map[string]bool{}
	for _, values := range combinations {
		seen[strings.Join(values, " ")] = true
	}
	if len(seen) != 12 || !seen["4MiB 10 down 4"] || strings.Join(combinations[0], " ") != "1MiB 1 2 4" {
		t.Errorf("combinations %v", combinations)
	}
	var o sim.Options
	for i, s := range all {
		if err := s.apply(&o, combinations[11][i]); err != nil {
			t.Fatal(err)
		}
	}
	if o.Memory != 4<<20 || o.Rate != 10 || !o.Down["shop.Item"] || o.Cores != 4 {
		t.Errorf("supposed %+v", o)
	}
	if all[0].number("1MiB") != 1<<20 || !math.IsNaN(all[2].number("down")) {
		t.Error("values stand at the wrong places of a drawing")
	}
}

func TestBadSuppositions(t *testing.T) {
	for line, want := range map[string]string{
		"-memory lots":    "-memory is a size like 64MiB",
		"-memory 1MiB,":   "-memory is a size",
		"-rate 0":         "-rate is a factor above 0",
		"-rate NaN":       "-rate is a factor above 0",
		"-rate 1e9":       "-rate is a factor above 0",
		"-cores none":     "-cores is a number from 1 on",
		"-slower down":    "of which step?",
		"-slower a=x":     "-slower is a factor",
		"-rate 1 -rate 2": "-rate is there twice; write several values as in -rate 1,2",
		"-slower a=1 -rate " + strings.Repeat("1,", 300) + "1": "more than 256 combinations",
	} {
		args, err := parseArguments("simulate", strings.Fields(line))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := suppositions(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
	args, err := parseArguments("simulate", strings.Fields("-slower a=1 -slower b=2,3"))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := suppositions(args); err != nil || len(all) != 2 {
		t.Errorf("two steps: %v, %v", all, err)
	}
}
