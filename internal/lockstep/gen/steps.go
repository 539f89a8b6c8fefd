package gen

import "fmt"

// stepsFile is the steps of a generated package: one for each class, and some
// that break their promise. What they answer is the world's business.
func stepsFile(name string) string { return fmt.Sprintf(stepsText, name) }

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
`
