package plan_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/plan"
)

// Every section NAME.plan of testdata/bad is refused with what NAME.error says.
func TestBadPlans(t *testing.T) {
	graphtest.Golden(t, "testdata/bad/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		messages := map[string]string{}
		for section, text := range files {
			name, ok := strings.CutSuffix(section, ".plan")
			if !ok {
				continue
			}
			_, err := plan.Parse(name, []byte(text))
			if err == nil {
				t.Errorf("%s was accepted", name)
				continue
			}
			messages[name+".error"] = err.Error() + "\n"
		}
		return messages
	})
}

// Bytes that a golden file could not show.
func TestBadBytes(t *testing.T) {
	const head = "fluxo 1\n"
	for _, c := range []struct{ name, text, want string }{
		{"NUL", head + "flow a.B (\n\tstore \x00\n)\n", "p:3:8: there is a control character (0x00); fix: remove it; a plan is plain UTF-8 text"},
		{"not UTF-8", head + "\xff\n", "p:2:1: byte 0xff is not UTF-8; fix: remove it; a plan is plain UTF-8 text"},
		{"byte order mark", "\ufefffluxo 1\nmemory 1MiB\nflow a.B (\n)\n", "p:1:1: there is a byte order mark; fix: remove it; a plan is plain UTF-8 text"},
		{"CR within a line", head + "memory\r1MiB\n", "p:2:7: there is a carriage return within the line; fix: remove it; a plan is plain UTF-8 text"},
		{"long line", head + "// " + strings.Repeat("x", plan.MaxLine) + "\n", "p:2:1: the line has 8195 bytes, more than 8192; fix: split or remove it"},
		{"long line first", "// " + strings.Repeat("x", plan.MaxLine) + "\nfluxo 1\n", "p:1:1: the line has 8195 bytes, more than 8192; fix: split or remove it"},
		{"long line alone", "fluxo 1" + strings.Repeat(" ", plan.MaxLine), "p:1:1: the line has 8199 bytes, more than 8192; fix: split or remove it"},
		{"huge line", head + strings.Repeat("x", 10<<20), "p:1:1: the plan has 10485768 bytes, more than 4194304; fix: remove what is no plan"},
	} {
		_, err := plan.Parse("p", []byte(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestErrorsAreBounded(t *testing.T) {
	_, err := plan.Parse("p", []byte("fluxo 1\n"+strings.Repeat("x\n", 1000)))
	var all plan.Errors
	if !errors.As(err, &all) || len(all) != 20 {
		t.Fatalf("%d errors", len(all))
	}
	var first *plan.Error
	if !errors.As(err, &first) || first.Pos.Line != 2 {
		t.Errorf("first error %v", first)
	}
}

const tidy = `// our plan
fluxo 1 // the format
memory 64MiB
goal p99 // of all
limit mean 2m
limit cpu 1.5ms
limit calls 1.0

// the page
flow (*example.com/shop.Server[K, V]).Page (
	// why
	parallel Load Stock ahead=2 // both
	pin store Load..Load.fail
	never coalesce Load
	off store Stock

	parallel A B
)
`

func TestFormatIsStable(t *testing.T) {
	messy := strings.NewReplacer("\t", "  ", " (", "  (", " //", "\t\t//", "\n\n", "\n\n\n", "\n", " \r\n").Replace(tidy)
	for _, text := range []string{tidy, messy} {
		f, err := plan.Parse("p", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(f.Format()); got != tidy {
			t.Errorf("got\n%s", got)
		}
	}
}

func TestGoalAndLimits(t *testing.T) {
	f, err := plan.Parse("p", []byte(tidy))
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Limit{{Measure: plan.Mean, Time: 2 * time.Minute}, {Measure: plan.CPU, Time: 1500 * time.Microsecond}, {Measure: plan.Calls, Ratio: 1}}
	got := f.Limits()
	for i := range got {
		got[i].Pos = plan.Pos{}
	}
	if f.Goal() != plan.P99 || !slices.Equal(got, want) {
		t.Errorf("goal %s, limits %v", f.Goal(), got)
	}
	if g := plan.New("p").Goal(); g != plan.Mean {
		t.Errorf("without a word the goal is %s", g)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(tidy))
	f.Add([]byte("fluxo 1\r\nflow a.B (\r\n)\r\n"))
	f.Add([]byte("fluxo 1\nflow a.B (\n\tstore A..B // x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := plan.Parse("p", data)
		if err != nil {
			return
		}
		text := file.Format()
		again, err := plan.Parse("p", text)
		if err != nil {
			t.Fatalf("own text refused: %v\n%s", err, text)
		}
		if got := again.Format(); !bytes.Equal(got, text) {
			t.Fatalf("not stable:\n%s\n%s", text, got)
		}
		if bytes.Count(data, []byte("//")) > 0 && bytes.Count(text, []byte("//")) == 0 {
			t.Fatalf("comment lost:\n%s", text)
		}
		sameDecisions(t, file, again)
	})
}

// sameDecisions compares what two plans say, wherever it stands.
func sameDecisions(t *testing.T, a, b *plan.File) {
	t.Helper()
	fa, fb := a.Flows(), b.Flows()
	if len(fa) != len(fb) {
		t.Fatalf("%d flows, %d flows", len(fa), len(fb))
	}
	for i := range fa {
		if fa[i].Name != fb[i].Name || len(fa[i].Decisions) != len(fb[i].Decisions) {
			t.Fatalf("%v, %v", fa[i], fb[i])
		}
		for k, d := range fa[i].Decisions {
			if e := fb[i].Decisions[k]; d.String() != e.String() {
				t.Fatalf("%s, %s", d, e)
			}
		}
	}
}
