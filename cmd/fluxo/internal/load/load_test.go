package load_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"golang.org/x/tools/txtar"
)

// unpack writes a txtar archive into a new directory.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// run loads ./... of dir, away from this repository's workspace.
func run(t *testing.T, dir string, flags ...string) (*load.Result, error) {
	t.Helper()
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	return load.Run(context.Background(), load.Config{Dir: dir, Patterns: []string{"./..."}, Flags: flags, Env: env, CacheDir: filepath.Join(dir, "cache")}, effect.Analyzer)
}

// paths lists what was checked from source.
func paths(r *load.Result) string {
	var all []string
	for _, p := range r.Packages {
		all = append(all, p.Path)
	}
	return strings.Join(all, " ")
}

const shop = `
-- go.mod --
module example.com/shop
go 1.26.0
-- shop.go --
package main

import "example.com/shop/price"

func main() { println(price.Of("tea")) }
-- price/price.go --
package price

import "example.com/shop/tax"

//fluxo:volatile 1m
func Of(name string) int { return tax.On(len(name)) }
-- tax/tax.go --
package tax

func On(n int) int { return n * 2 }
-- tool/tool.go --
package tool

func Nothing() {}
`

func TestOnlyWhatIsNeededIsChecked(t *testing.T) {
	r, err := run(t, unpack(t, shop))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := paths(r), "example.com/shop/tax example.com/shop/price example.com/shop"; got != want {
		t.Errorf("checked %s, want %s", got, want)
	}
}

func TestBrokenPrograms(t *testing.T) {
	for name, c := range map[string]struct{ edit, with, want string }{
		"type":   {"return n * 2", `return "n"`, "tax/tax.go:3:29"},
		"syntax": {"return n * 2", "return n *", "tax/tax.go:3:"},
		"import": {`"example.com/shop/tax"`, `"example.com/shop/tax/none"`, "example.com/shop/tax/none"},
		"module": {"go 1.26.0", "go one", "go.mod:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, unpack(t, strings.Replace(shop, c.edit, c.with, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that names %s", err, c.want)
			}
		})
	}
}
