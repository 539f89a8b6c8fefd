package command

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"fluxo.dev/fluxo/internal/profile"
)

const pageFlow = `flow example.com/shop.Page
param ctx context context.Context
param id data int key copy
var price data int key copy
var err error error
result out.0 data int key copy
result out.1 error error
body {
	step Price example.com/shop.Price (ctx id) -> (price err) err=err @shop.go:12 {volatile 1m}
	fail Price.fail (err) -> (out.0 out.1) err=err exit=return @shop.go:13
	result return (price) -> (out.0 out.1) exit=return @shop.go:16
}
`

// traceFile writes a trace of n requests for different products, the last of which failed.
func traceFile(t *testing.T, name, service, flow string, n int) string {
	t.Helper()
	tr := &profile.Trace{Service: service, Began: time.Date(2024, 5, 12, 8, 0, 0, 0, time.UTC), Flows: []profile.Flow{{Name: "example.com/shop.Page", Graph: flow}}}
	var b bytes.Buffer
	w, err := profile.NewWriter(&b, tr)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		r := &profile.Run{Flow: "example.com/shop.Page", At: time.Duration(i) * time.Second, Took: 21 * time.Millisecond, Params: []profile.Value{{Var: 0}, {Var: 1, Hash: uint64(i), Size: 8}}}
		r.Visits = []profile.Visit{
			{Node: 0, Took: 20 * time.Millisecond, Block: -1, Parts: []uint64{uint64(i), 0}, Sets: []profile.Value{{Var: 2, Hash: 7, Size: 100}, {Var: 3}}},
			{Node: 1, Block: -1}, {Node: 2, Took: time.Millisecond, Block: -1, Exit: 1},
		}
		if i == n-1 {
			r.Visits = r.Visits[:2]
			r.Visits[0].Kind, r.Visits[1].Exit = "NotFound", 1
		}
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return textFile(t, name, b.String())
}

func textFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// fluxoProfile runs the command.
func fluxoProfile(t *testing.T, words ...string) (out string, err error) {
	t.Helper()
	var b bytes.Buffer
	err = runProfile(context.Background(), console{out: &b, err: io.Discard}, words)
	return b.String(), err
}

func mustProfile(t *testing.T, words ...string) string {
	t.Helper()
	out, err := fluxoProfile(t, words...)
	if err != nil {
		t.Fatalf("%q: %v", words, err)
	}
	return out
}

// What two days were, alone and merged, is what they were together.
func TestProfilesMerge(t *testing.T) {
	dir := t.TempDir()
	monday := traceFile(t, "monday.trace", "example.com/shop", pageFlow, 3)
	tuesday := traceFile(t, "tuesday.trace", "example.com/shop", strings.ReplaceAll(pageFlow, "@shop.go:1", "@shop.go:3"), 4) // with comments above
	a, b, both := filepath.Join(dir, "a.profile"), filepath.Join(dir, "b.profile"), filepath.Join(dir, "both.profile")
	mustProfile(t, "-o", a, monday)
	mustProfile(t, "-o", b, tuesday)
	mustProfile(t, "-o", both, a, b)
	want := mustProfile(t, monday, tuesday)
	if got := mustProfile(t, both); got != want {
		t.Errorf("merged:\n%s\ntogether:\n%s", got, want)
	}
	fields := strings.Fields(want[strings.Index(want, "Price "):])
	if got := strings.Join(fields[:9], " "); !strings.HasPrefix(got, "Price 7 20ms ") || fields[6] != "2" || fields[7] != "4" || fields[8] != "100" {
		t.Errorf("Price: %s in\n%s", got, want)
	}
	if !strings.Contains(want, "example.com/shop, observed for 5s in 2 processes") {
		t.Errorf("head of\n%s", want)
	}
	if _, err := fluxoProfile(t, "-o", both, a); err == nil {
		t.Error("a file was written over")
	}
}

// go tool pprof reads what is written for it.
func TestProfileForPprof(t *testing.T) {
	file := filepath.Join(t.TempDir(), "day.pprof")
	mustProfile(t, "-o", file, traceFile(t, "day.trace", "example.com/shop", pageFlow, 10))
	out, err := exec.Command("go", "tool", "pprof", "-top", "-nodefraction=0", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, line := range []string{"200ms 95.69% 95.69%      200ms 95.69%  example.com/shop.Page Price", "0     0%   100%      209ms   100%  example.com/shop.Page\n"} {
		if !strings.Contains(string(out), line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	if out, err := exec.Command("go", "tool", "pprof", "-top", "-sample_index=visits", "-lines", file).CombinedOutput(); err != nil || !strings.Contains(string(out), "Price shop.go:12") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTraceAsTable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "day.parquet")
	mustProfile(t, "-o", file, traceFile(t, "day.trace", "example.com/shop", pageFlow, 10))
	type row struct {
		Request int64     `parquet:"request"`
		Arrived time.Time `parquet:"arrived,timestamp(nanosecond)"`
		Node    string    `parquet:"node"`
		Nanos   int64     `parquet:"nanos"`
		Error   string    `parquet:"error"`
		Bytes   int64     `parquet:"bytes"`
		Parts   []int64   `parquet:"parts,list"`
	}
	rows, err := parquet.ReadFile[row](file)
	if err != nil || len(rows) != 29 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if r := rows[27]; r.Request != 9 || r.Node != "Price" || r.Error != "NotFound" || r.Nanos != 20e6 || r.Bytes != 100 || !slices.Equal(r.Parts, []int64{9, 0}) || !r.Arrived.Equal(time.Date(2024, 5, 12, 8, 0, 9, 0, time.UTC)) {
		t.Errorf("%+v", r)
	}
	if _, err := fluxoProfile(t, "-o", filepath.Join(t.TempDir(), "x.parquet"), textFile(t, "x.profile", "{}")); err == nil || !strings.Contains(err.Error(), "no trace") {
		t.Errorf("a table of a profile: %v", err)
	}
}

// Files that are none, or do not belong together, are errors that name them and say what is wrong.
func TestBadProfiles(t *testing.T) {
	day := traceFile(t, "day.trace", "example.com/shop", pageFlow, 3)
	good := filepath.Join(t.TempDir(), "good.profile")
	mustProfile(t, "-o", good, day)
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, says string
	}{
		"empty":           {textFile(t, "x.profile", ""), "empty"},
		"another file":    {textFile(t, "x.profile", "hello"), "no profile"},
		"other JSON":      {textFile(t, "x.profile", "{}"), "no profile"},
		"cut off":         {textFile(t, "x.profile", string(text[:len(text)/2])), "cannot be read"},
		"another version": {textFile(t, "x.profile", strings.Replace(string(text), "fluxo profile 1", "fluxo profile 9", 1)), "another version of fluxo"},
		"counts":          {textFile(t, "x.profile", strings.Replace(string(text), `"Failures": 1`, `"Failures": 99`, 1)), "counts that cannot be"},
		"another service": {traceFile(t, "x.trace", "example.com/other", pageFlow, 1), "one profile is of example.com/shop, the other of example.com/other"},
		"another source":  {traceFile(t, "x.trace", "example.com/shop", strings.Replace(pageFlow, "volatile 1m", "volatile 2m", 1), 1), "first at step Price: they are of different versions of the source"},
		"no graph":        {traceFile(t, "x.trace", "example.com/shop", "", 1), "the graph of example.com/shop.Page"},
	} {
		if _, err := fluxoProfile(t, good, c.file); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), filepath.Base(c.file)) {
			t.Errorf("%s: %v, want something about %q", name, err, c.says)
		}
	}
	// A trace that was cut off counts as far as it goes.
	cut, err := os.ReadFile(day)
	if err != nil {
		t.Fatal(err)
	}
	if out := mustProfile(t, textFile(t, "cut.trace", string(cut[:len(cut)-3]))); !strings.Contains(out, "requests and calls       2") {
		t.Errorf("cut off:\n%s", out)
	}
}
