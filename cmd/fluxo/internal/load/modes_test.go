package load_test

// The ways in which programs are built: each is loaded as the go command loads it.

import (
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
)

// summaryOf returns the summary of a function, as text.
func summaryOf(t *testing.T, r *load.Result, path, name string) string {
	t.Helper()
	for _, p := range r.Packages {
		if fn, ok := p.Types.Scope().Lookup(name).(*types.Func); ok && p.Path == path {
			return p.Results[effect.Analyzer].(*effect.Result).Of(fn).String()
		}
	}
	t.Fatalf("no function %s in %s; checked: %s", name, path, paths(r))
	return ""
}

const thirdParty = `
-- go.mod --
module example.com/ids
go 1.26.0
require (
	golang.org/x/mod v0.35.0
)
-- ids.go --
package ids

import "golang.org/x/mod/semver"

//fluxo:flow
func Newer(a, b string) bool { return after(a, b) }

func after(a, b string) bool { return semver.Compare(a, b) > 0 }
`

func TestThirdPartyFactsAreKept(t *testing.T) {
	dir := unpack(t, thirdParty)
	sums(t, dir)
	check := func(when string) {
		t.Helper()
		r, err := run(t, dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := summaryOf(t, r, "example.com/ids", "after"); !strings.HasPrefix(got, "inferred plain pure") {
			t.Errorf("%s: after is %s", when, got)
		}
	}
	check("at first")
	entries, err := os.ReadDir(filepath.Join(dir, "cache"))
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, %v; want one", len(entries), err)
	}
	name := filepath.Join(dir, "cache", entries[0].Name())
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	check("from the cache")
	for what, text := range map[string][]byte{"half": whole[:len(whole)/2], "empty": nil, "garbage": append([]byte("garbage"), whole...)} {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
		check(what + " entry")
		if again, err := os.ReadFile(name); err != nil || len(again) != len(whole) {
			t.Errorf("%s entry was not made again: %d bytes, %v", what, len(again), err)
		}
	}
}

// sums makes the go command note the checksums of what the module requires.
func sums(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "golang.org/x/mod")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestVendored(t *testing.T) {
	dir := unpack(t, thirdParty)
	sums(t, dir)
	cmd := exec.Command("go", "mod", "vendor")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r, err := run(t, dir, "-mod=vendor")
	if err != nil {
		t.Fatal(err)
	}
	if got := summaryOf(t, r, "example.com/ids", "after"); !strings.HasPrefix(got, "inferred plain pure") {
		t.Errorf("after is %s", got)
	}
}

func TestOverlay(t *testing.T) {
	dir := unpack(t, shop+`
-- other.go.txt --
package tax

var calls int

func On(n int) int { calls++; return n + calls }
-- overlay.json --
{"Replace": {"tax/tax.go": "other.go.txt"}}
`)
	r, err := run(t, dir, "-overlay=overlay.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := summaryOf(t, r, "example.com/shop/tax", "On"); !strings.Contains(got, "changes package variable calls") {
		t.Errorf("On is %s: the overlay was not read", got)
	}
}

func TestTags(t *testing.T) {
	dir := unpack(t, shop+`
-- tax/more.go --
//go:build more

package tax

func More() int { return 1 }
`)
	r, err := run(t, dir, "-tags=more")
	if err != nil {
		t.Fatal(err)
	}
	summaryOf(t, r, "example.com/shop/tax", "More")
}

func TestCgo(t *testing.T) {
	dir := unpack(t, `
-- go.mod --
module example.com/c
go 1.26.0
-- c.go --
package c

// static int twice(int n) { return 2 * n; }
import "C"

//fluxo:flow
func Flow(n int) int { return Twice(n) }

func Twice(n int) int { return int(C.twice(C.int(n))) }
`)
	r, err := run(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := summaryOf(t, r, "example.com/c", "Twice"); !strings.Contains(got, "opaque") {
		t.Errorf("Twice is %s", got)
	}
}

func TestWorkspaceAndSpaces(t *testing.T) {
	dir := unpack(t, `
-- my work/go.work --
go 1.26.0
use (
	./app
	./lib
)
-- my work/app/go.mod --
module example.com/app
go 1.26.0
-- my work/app/main.go --
package main

import "example.com/lib"

func main() { lib.Of(1) }
-- my work/lib/go.mod --
module example.com/lib
go 1.26.0
-- my work/lib/lib.go --
package lib

//fluxo:pure
func Of(n int) int { return n }
`)
	work := filepath.Join(dir, "my work")
	env := append(os.Environ(), "GOFLAGS=", "GOWORK="+filepath.Join(work, "go.work"))
	r, err := load.Run(t.Context(), load.Config{Dir: filepath.Join(work, "app"), Env: env, CacheDir: "off"}, effect.Analyzer)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := paths(r), "example.com/lib example.com/app"; got != want {
		t.Errorf("checked %s, want %s", got, want)
	}
}

func TestTestVariants(t *testing.T) {
	dir := unpack(t, shop+`
-- price/price_test.go --
package price

import "testing"

//fluxo:pure
func helper() int { return 1 }

func TestOf(t *testing.T) { _ = helper() }
-- price/ext_test.go --
package price_test

import (
	"testing"

	"example.com/shop/price"
)

func TestExternal(t *testing.T) { price.Of("tea") }
`)
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	r, err := load.Run(t.Context(), load.Config{Dir: dir, Patterns: []string{"./price"}, Env: env, Tests: true, CacheDir: "off"}, effect.Analyzer)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range r.Packages {
		ids = append(ids, p.ID)
	}
	want := "example.com/shop/tax, example.com/shop/price, example.com/shop/price [example.com/shop/price.test], example.com/shop/price_test [example.com/shop/price.test]"
	if got := strings.Join(ids, ", "); got != want {
		t.Errorf("checked\n%s, want\n%s", got, want)
	}
}
