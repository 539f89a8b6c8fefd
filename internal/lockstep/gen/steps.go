package gen

import "fmt"

// stepsFile is the steps of a generated package: one for each class, and some
// that break their promise. What they answer is the world's business.
func stepsFile(name string) string {
	return fmt.Sprintf(stepsText+quietText+genericText+helpersText, name)
}

const stepsText = `package %s

import (
	"context"
	"fmt"
	"math"

	"fluxo.dev/fluxo/internal/lockstep/world"
)

// Rec is what most steps return.
type Rec = world.Rec

// Crate has fields that are read one by one.
type Crate struct {
	Of   Rec
	N    int
	Note string
}

//fluxo:volatile 10s
func V10(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "V10", k) }

//fluxo:volatile 0
func V0(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "V0", k) }

//fluxo:volatile 5s onerror=30s
func VE(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "VE", k) }

//fluxo:volatile 10s errors=NotFound
func VN(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "VN", k) }

// VB makes the best of a context that ends.
//
//fluxo:volatile 10s
func VB(ctx context.Context, k int) (Rec, error) { return world.AskAtBest(ctx, "VB", k) }

// VD does not begin what it has no time for.
//
//fluxo:volatile 10s
func VD(ctx context.Context, k int) (Rec, error) { return world.AskInTime(ctx, "VD", k) }

//fluxo:reads posts:{k}
func RP(ctx context.Context, k int) (Rec, error) { return world.Read(ctx, "posts", k) }

//fluxo:reads feed:{k} within=5s
func RW(ctx context.Context, k int) (Rec, error) { return world.Read(ctx, "feed", k) }

//fluxo:reads posts
func RAll(ctx context.Context) (Rec, error) { return world.ReadAll(ctx, "posts") }

//fluxo:writes posts:{k}
func WP(ctx context.Context, k int, s string) error { return world.Write(ctx, "posts", k, s) }

//fluxo:writes posts
func WAll(ctx context.Context, s string) error { return world.WriteAll(ctx, "posts", s) }

//fluxo:effect
func E(ctx context.Context, k int) (int, error) { return world.DoAct(ctx, "E", k) }

//fluxo:pure
func P(k int, s string) (int, error) { return world.Compute(k, s) }

//fluxo:pure
func PP(k int) int { return world.MayPanic(k) }

// O says nothing of itself.
func O(ctx context.Context, k int) (Rec, error) { return world.Opaque(ctx, "O", k) }

// Hidden promises more than it keeps: its result depends on a context value.
//
//fluxo:volatile 10s
func Hidden(ctx context.Context, k int) (Rec, error) { return world.AskForUser(ctx, "Hidden", k) }

//fluxo:observe
func Log(k int, s string) { world.Observe(k, s) }

// Ident takes a long time to say what it was given.
//
//fluxo:pure
func Ident(k int) int { return world.Slow(k) }

// Show looks at all of a value, and takes its time.
//
//fluxo:pure
func Show(r Rec) string { return world.Show(r) }

// Sum looks at a list, and takes its time.
//
//fluxo:pure
func Sum(ks []int) int { return world.Sum(ks) }

// Text tells all numbers apart.
//
//fluxo:pure
func Text(x float64) string { return world.Text(x) }

// Kind tells nil from empty.
//
//fluxo:pure
func Kind(ks []int) string { return world.Kind(ks) }

// RH reads data that nobody answers for: it changes behind Fluxo's back.
//
//fluxo:reads hints:{k}
func RH(ctx context.Context, k int) (Rec, error) { return world.Read(ctx, "hints", k) }

//fluxo:writes feed:{k}
func WF(ctx context.Context, k int, s string) error { return world.Write(ctx, "feed", k, s) }

// Peek uses the handle of the request while it asks.
//
//fluxo:volatile 10s
func Peek(ctx context.Context, w *world.Writer, k int) (Rec, error) { return world.Peek(ctx, w, k) }

// Put writes to the handle of the request.
//
//fluxo:local
func Put(w *world.Writer, s string) { w.Write(s) }

// Finish writes a last line.
//
//fluxo:local
func Finish(w *world.Writer) { w.Write("closed") }

// Count looks at the handle.
//
//fluxo:local
func Count(w *world.Writer) int { return w.Count() }

`

// helpersText is what flows call and Fluxo looks through.
const helpersText = `// nth is generic, and has bounds.
func nth[T any](from []T, i int, otherwise T) T {
	if i < 0 || i >= len(from) {
		return otherwise
	}
	return from[i]
}

// A pair has methods that are looked through.
type pair struct{ a, b int }

func (p pair) sum() int { return p.a + p.b }

func (p *pair) swap() { p.a, p.b = p.b, p.a }
`
