package diag_test

// Every code has a page with a failing and a mended example; the failing one
// gives exactly that code, the mended one nothing.

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	errorpages "fluxo.dev/fluxo/docs/errors"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"
)

// analyzers are all that report.
var analyzers = []*analysis.Analyzer{effect.Analyzer, lift.Analyzer}

var example = regexp.MustCompile("(?s)## (Failing|Mended)\n\n```txtar\n(.*?)```\n")

func TestPages(t *testing.T) {
	dir := module(t)
	for _, r := range diag.Rules() {
		unpackPage(t, dir, r)
	}
	cfg := load.Config{Dir: dir, Patterns: []string{"./..."}, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), CacheDir: "off"}
	result, err := load.Run(context.Background(), cfg, analyzers...)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{} // "FX101/failing" → codes
	texts := map[string][]string{}
	for _, d := range result.Diagnostics() {
		rel, err := filepath.Rel(dir, d.Position.Filename)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		key := parts[0] + "/" + parts[1]
		if !slices.Contains(got[key], d.Category) {
			got[key] = append(got[key], d.Category)
		}
		texts[key] = append(texts[key], d.Message)
	}
	for _, r := range diag.Rules() {
		if codes := got[string(r.Code)+"/failing"]; !slices.Equal(codes, []string{string(r.Code)}) {
			t.Errorf("%s: the failing example gives %v: %s", r.Code, codes, strings.Join(texts[string(r.Code)+"/failing"], "\n"))
		}
		if codes := got[string(r.Code)+"/mended"]; len(codes) > 0 {
			t.Errorf("%s: the mended example gives %v: %s", r.Code, codes, strings.Join(texts[string(r.Code)+"/mended"], "\n"))
		}
	}
}

// module makes a module with the requirements that examples use.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var sum []byte // in a workspace the sums may stand in either file
	for _, name := range []string{"../../go.sum", "../../../../go.work.sum"} {
		text, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		sum = append(sum, text...)
	}
	text := strings.Replace(string(mod), "module fluxo.dev/fluxo/cmd/fluxo", "module example.com", 1)
	text = strings.Replace(text, "=> ../..", "=> "+root, 1)
	write(t, filepath.Join(dir, "go.mod"), []byte(text))
	write(t, filepath.Join(dir, "go.sum"), sum)
	return dir
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// unpackPage writes the two examples of a page as packages below dir/CODE.
func unpackPage(t *testing.T, dir string, r diag.Rule) {
	page, ok := errorpages.Page(string(r.Code))
	if !ok {
		t.Errorf("%s has no page", r.Code)
		return
	}
	if want := "# " + string(r.Code) + ": " + r.Title + "\n"; !strings.HasPrefix(page, want) {
		t.Errorf("%s: the page does not begin with %q", r.Code, want)
	}
	found := example.FindAllStringSubmatch(page, -1)
	if len(found) != 2 || found[0][1] != "Failing" {
		t.Errorf("%s: the page lacks a failing and a mended example", r.Code)
		return
	}
	for _, m := range found {
		sub := string(r.Code) + "/" + strings.ToLower(m[1])
		for _, f := range txtar.Parse([]byte(m[2])).Files {
			text := strings.ReplaceAll(string(f.Data), "example.com/shop", "example.com/"+sub)
			write(t, filepath.Join(dir, filepath.FromSlash(sub), filepath.FromSlash(f.Name)), []byte(text))
		}
	}
}
