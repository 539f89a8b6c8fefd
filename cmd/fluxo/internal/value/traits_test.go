package value_test

// What stands in the way of a type, in the words that authors read.

import (
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

const traitsModule = `package p

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo"

	"test/money"
)

type (
	Plain    struct { A string; B []map[string]*int }
	Fn       struct { F func() }
	Lock     struct { mu sync.Mutex; n int }
	Mine     struct { n int }
	DeepLock struct { A []struct{ B map[string]*Lock } }
	Reader   struct { R io.Reader }
	Ctx      struct { C context.Context }
	DB       struct { DB *sql.DB }
	Null     struct { S sql.NullString }
	Header   struct { H http.Header }
	Client   struct { C *http.Client }
	Buffer   struct { B bytes.Buffer }
	Money    struct { M money.Amount }
	Coded    struct { M money.Coded }
	Flat     struct { M money.Flat }
	PtrKey   map[*int]string
	AnyKey   map[any]string
	Cycle    struct { Next *Cycle; Bad chan int }
	Back     struct { To *Forth }
	Forth    struct { To *Back; F func() }
	Atomic   struct { N atomic.Int64 }
	Timer    struct { T *time.Timer }
	Login    struct { User string; Password fluxo.Secret }
	Err      struct { E error; A any }
)

func (*Mine) Lock()   {}
func (*Mine) Unlock() {}
`

const moneyPackage = `package money

import "math/big"

type Amount struct { v *big.Int }

func (a Amount) MarshalText() ([]byte, error) { return nil, nil }
func (a *Amount) UnmarshalText([]byte) error { return nil }

type Coded struct { v *big.Int }

type Flat struct { hi, lo uint64; unit string }
`

func TestWhy(t *testing.T) {
	want := map[string]string{
		"Plain": "", "Null": "", "Header": "", "Flat": "", "Coded": "", "Err": "",
		"Fn":       "handle: field F: func() is a function",
		"Lock":     "handle: field mu: sync.Mutex is a lock",
		"Mine":     "handle: p.Mine is a lock",
		"DeepLock": "handle: field A: an element: field B: its value: what it points to: field mu: sync.Mutex is a lock",
		"Reader":   "handle: field R: io.Reader is an interface of behaviour",
		"Ctx":      "handle: field C: context.Context is an interface of behaviour",
		"DB":       "handle: field DB: what it points to: ",
		"Client":   "handle: field C: what it points to: field Transport: http.RoundTripper is an interface of behaviour",
		"Buffer":   "field B: bytes.Buffer hides its fields, and no method of it encodes them; let no region take or give it",
		"Money":    "field M: money.Amount hides its fields; add the line var _ = fluxo.Codec(money.Amount.MarshalText, func(b []byte) (v money.Amount, err error) { err = v.UnmarshalText(b); return })",
		"Login":    "field Password: fluxo.Secret hides its fields and is never encoded, so that nothing with it is stored or shared; where that is to be, let the type go without it",
		"PtrKey":   "the keys of p.PtrKey are told apart by identity, not by content",
		"AnyKey":   "the keys of p.AnyKey are told apart by identity, not by content",
		"Cycle":    "handle: field Bad: chan int is a channel",
		"Back":     "handle: field To: what it points to: field F: func() is a function",
		"Forth":    "handle: field F: func() is a function",
		"Atomic":   "handle: field N: atomic.Int64 is a lock",
		"Timer":    "handle: field T: what it points to: field C: <-chan time.Time is a channel",
	}
	dir := t.TempDir()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/go.mod", "module test\n\ngo 1.26.0\n\nrequire fluxo.dev/fluxo v0.0.0\n\nreplace fluxo.dev/fluxo => "+root+"\n")
	write(t, dir+"/p/p.go", traitsModule)
	write(t, dir+"/money/money.go", moneyPackage)
	pkg := load(t, dir, "./p")
	env := &value.Env{Pkg: pkg, HasCodec: func(t types.Type) bool { return t.String() == "test/money.Coded" }}
	for name, why := range want {
		tr := env.Of(pkg.Scope().Lookup(name).Type())
		got := tr.Why
		if tr.Handle {
			got = "handle: " + got
		}
		if why == "" && got != "" || !strings.HasPrefix(got, why) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, why)
		}
	}
	if len(pkg.Scope().Names()) != len(want) {
		t.Errorf("%d types, %d expectations", len(pkg.Scope().Names()), len(want))
	}
}

// A type inside a function is data like another, and emitted code uses its name
// outside; not so in a generic function, on whose instance it may depend.
func TestLocal(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/go.mod", "module test\n\ngo 1.26.0\n")
	write(t, dir+"/p/p.go", `package p

type List[T any] struct{ all []T }

func Plain() {
	type cell struct{ s string }
	type row struct{ cells map[string]*cell; list List[cell] }
	var _ row
}

func Generic[T any]() {
	type row struct{ v T }
	var _ row
}
`)
	pkg := load(t, dir, "./p")
	local := func(fn, name string) *types.TypeName {
		return pkg.Scope().Lookup(fn).(*types.Func).Scope().Lookup(name).(*types.TypeName)
	}
	env := &value.Env{Pkg: pkg}
	row, cell := local("Plain", "row"), local("Plain", "cell")
	if why := env.Of(row.Type()).Why; why != "" {
		t.Errorf("row is not data: %s", why)
	}
	if why := env.Of(local("Generic", "row").Type()).Why; !strings.Contains(why, "declared inside a generic function") {
		t.Errorf("the row of a generic function: %q", why)
	}
	env.Rename(row, "outer_row")
	env.Rename(cell, "outer_cell")
	gen := value.NewGen(env, func(_, name string) string { return name })
	gen.Var(types.NewSlice(row.Type()), "v")
	for _, want := range []string{"outer_row", "map[string]*outer_cell", "List[outer_cell]"} {
		if !strings.Contains(gen.Decls(), want) {
			t.Errorf("no %s in\n%s", want, gen.Decls())
		}
	}
}
