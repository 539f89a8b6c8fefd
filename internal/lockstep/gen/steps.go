package gen

import "fmt"

// stepsFile is the steps of a generated package: one for each class, and some
// that break their promise. What they answer is the world's business.
func stepsFile(name string) string { return fmt.Sprintf(stepsText, name) }

// quietFlows is how many flows every package has that only ask.
const quietFlows = 3

const stepsText = `package %s

import (
	"context"

	"fluxo.dev/fluxo/internal/lockstep/world"
)

// Rec is what most steps return.
type Rec = world.Rec

//fluxo:volatile 10s
func V10(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "V10", k) }

//fluxo:volatile 0
func V0(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "V0", k) }

//fluxo:volatile 5s onerror=30s
func VE(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "VE", k) }

//fluxo:volatile 10s errors=NotFound
func VN(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "VN", k) }

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

// Q0 only asks.
//
//fluxo:flow
func Q0(ctx context.Context, k int) (Rec, error) {
	a, err := V10(ctx, k)
	if err != nil {
		return Rec{}, err
	}
	b, _ := RW(ctx, a.K)
	return Rec{K: PP(k), S: a.S + b.S, L: a.L}, nil
}

// Q1 asks one after the other.
//
//fluxo:flow
func Q1(ctx context.Context, k int) (Rec, error) {
	for range 2 {
		r, err := RP(ctx, k)
		if err != nil {
			return r, err
		}
		k = r.K
	}
	return VN(ctx, k)
}

// Q2 calls a flow.
//
//fluxo:flow
func Q2(ctx context.Context, k int) (Rec, error) {
	r, err := Q0(ctx, k)
	if err != nil {
		return V10(ctx, k)
	}
	return r, nil
}

// nth is generic, and has bounds.
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
