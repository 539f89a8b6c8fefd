package value_test

// Emitted keys and copiers of generated types, compiled and run against a
// description of values made by reflection.

import (
	"bytes"
	"fmt"
	"go/format"
	"go/types"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

const (
	typeSeed      = 1
	typeCount     = 120
	valuesPerType = 80
)

// A typeMaker prints random types. Types of package own may hide fields.
type typeMaker struct {
	rand  *rand.Rand
	named []string // usable from package data
}

var scalars = []string{"bool", "int", "int8", "uint16", "int32", "uint64", "float32", "float64", "complex64", "complex128",
	"string", "Name", "Count", "byte", "rune"}

var known = []string{"time.Time", "time.Duration", "big.Int", "*big.Int", "*big.Rat", "*big.Float", "netip.Addr", "netip.Prefix",
	"netip.AddrPort", "url.URL", "*url.URL", "own.Hidden", "*own.Hidden", "own.Deep", "[]own.Deep", "own.Tree", "own.Wraps",
	"Box[int]", "Box[[]string]", "Pair[string, *int]", "any", "error", "Sealed"}

func (m *typeMaker) typ(depth int) string {
	r := m.rand
	if depth <= 0 || r.Intn(4) == 0 {
		return scalars[r.Intn(len(scalars))]
	}
	switch r.Intn(9) {
	case 0, 1:
		return "[]" + m.typ(depth-1)
	case 2:
		return "*" + m.typ(depth-1)
	case 3:
		return fmt.Sprintf("map[%s]%s", m.comparable(), m.typ(depth-1))
	case 4:
		return fmt.Sprintf("[%d]%s", r.Intn(3), m.typ(depth-1))
	case 5:
		return m.structure(depth)
	case 6:
		return known[r.Intn(len(known))]
	}
	if len(m.named) > 0 {
		return m.named[r.Intn(len(m.named))]
	}
	return "string"
}

func (m *typeMaker) comparable() string {
	return []string{"string", "int", "Name", "float64", "[2]int8", "struct{ A string; B int }", "netip.Addr", "time.Time", "bool"}[m.rand.Intn(9)]
}

func (m *typeMaker) structure(depth int) string {
	var b strings.Builder
	b.WriteString("struct {")
	for i := range m.rand.Intn(4) {
		fmt.Fprintf(&b, " %s%d %s;", []string{"F", "f"}[m.rand.Intn(2)], i, m.typ(depth-1))
	}
	if m.rand.Intn(6) == 0 {
		b.WriteString(" _ int;")
	}
	b.WriteString(" }")
	return b.String()
}

const fixed = `package data

import (
	"math/big"
	"net/netip"
	"net/url"
	"time"

	"test/own"
)

type Name string
type Count int

type Box[T any] struct {
	V    T
	next *Box[T]
}

type Pair[K comparable, V any] struct {
	M map[K]V
	embedded
}

type embedded struct{ n int }

type Sealed interface{ sealed() }

type List struct {
	Next *List
	V    []byte
	Also *List
}

// Refs has values that differ only in which of two equal pieces is shared.
type Refs struct{ A, B, C *Blank }
type Blank struct{ _ int }

type Mutual struct{ Others []*Other }
type Other struct{ Back *Mutual; N int }

var (
	_ big.Int
	_ netip.Addr
	_ url.URL
	_ time.Time
	_ own.Hidden
)
`

const ownPackage = `// Package own hides fields.
package own

type inner struct {
	A    string
	list []string
}

// Hidden has hidden flat fields.
type Hidden struct {
	a string
	b [2]int
}

// Deep has hidden references, of types without a name elsewhere.
type Deep struct {
	in    inner
	p     *inner
	many  []inner
	ptrs  []*inner
	Open  *inner
}

// Tree is recursive.
type Tree struct {
	left, right *Tree
	node        node
}

type node struct{ up *Tree; val int }

// Wraps shows a type of no name.
type Wraps struct{ inner; M map[string][]byte }
`

// writeModule writes the test's module with generated types to dir, and returns their names.
func writeModule(t *testing.T, dir string) []string {
	t.Helper()
	m := &typeMaker{rand: rand.New(rand.NewSource(typeSeed)), named: []string{"List", "Mutual", "Box[Name]"}}
	src := fixed
	names := []string{"List", "Mutual", "Refs"}
	for i := range typeCount {
		name := fmt.Sprintf("T%d", i)
		src += fmt.Sprintf("type %s %s\n", name, m.typ(4))
		names = append(names, name)
		m.named = append(m.named, name)
	}
	for i, k := range known {
		src += fmt.Sprintf("type K%d struct { A, B %s }\n", i, k)
		names = append(names, fmt.Sprintf("K%d", i))
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), "module test\n\ngo 1.26.0\n\nrequire fluxo.dev/fluxo v0.0.0\n\nreplace fluxo.dev/fluxo => "+root+"\n")
	write(t, filepath.Join(dir, "data", "data.go"), src)
	write(t, filepath.Join(dir, "own", "own.go"), ownPackage)
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\n\nimport (\n\t_ \"test/data\"\n\t\"test/harness\"\n)\n\nfunc main() { harness.Run(1, %d) }\n", valuesPerType))
	for _, f := range []string{"harness.go", "make.go", "describe.go"} {
		b, err := os.ReadFile(filepath.Join("testdata", "harness", f))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "harness", f), string(b))
	}
	return names
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, dir, pattern string) *types.Package {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedImports | packages.NeedExportFile | packages.NeedFiles | packages.NeedCompiledGoFiles}, pattern)
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatal(err, pkgs[0].Errors)
	}
	return pkgs[0].Types
}

// imports collects the imports of an emitted file.
type imports map[string]string

func (m imports) name(path, name string) string {
	m[path] = name
	return name
}

func (m imports) decl() string {
	var b strings.Builder
	for path, name := range m {
		fmt.Fprintf(&b, "import %s %q\n", name, path)
	}
	return b.String()
}

func TestEmittedFunctionsAgainstReflection(t *testing.T) {
	dir := t.TempDir()
	names := writeModule(t, dir)
	pkg := load(t, dir, "./data")

	env := &value.Env{Pkg: pkg, Own: func(p *types.Package) bool { return strings.HasPrefix(p.Path(), "test/") }}
	imp := imports{"test/harness": "harness"}
	g := value.NewGen(env, imp.name)
	var b strings.Builder
	subjects := 0
	for _, name := range names {
		typ := pkg.Scope().Lookup(name).Type()
		if tr := env.Of(typ); tr.Why != "" {
			t.Errorf("%s is not data: %s", name, tr.Why)
			continue
		}
		subjects++
		code := g.Var(typ, value.Text("$vars.(*frame_%s).v", name))
		fmt.Fprintf(&b, "type frame_%s struct{ v %s }\n", name, name)
		fmt.Fprintf(&b, "func init() {\nharness.Add(harness.Subject{Name: %q, New: func() any { return new(frame_%s) }, Ptr: func(f any) any { return &f.(*frame_%s).v },\n", name, name, name)
		fmt.Fprintf(&b, "Key: %s,\nSave: %s,\nLoad: %s})\n}\n", code.Key, code.Save, code.Load)
	}
	src := "package data\n" + imp.decl() + b.String() + g.Decls()
	formatted, err := format.Source([]byte(src))
	if err != nil {
		t.Fatalf("emitted code does not parse: %v\n%s", err, src)
	}
	write(t, filepath.Join(dir, "data", "emitted.go"), string(formatted))

	cmd := exec.Command("go", "run", "-gcflags=-e", ".")
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Logf("%s", out.String())
	if want := fmt.Sprintf("%d types", subjects); !strings.HasPrefix(out.String(), want) {
		t.Fatalf("want %s, got %s", want, out.String())
	}
}
