// Package p0 is a generated program of the lockstep tests.
package p0

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

var (
	_ = fluxo.NewID
	_ = errors.Is
	_ = fmt.Sprint
	_ = math.NaN
	_ = slices.Max[[]int]
	_ = sort.Ints
	_ = strings.ToUpper
)

// Svc has a field that no flow changes.
type Svc struct{ base int }

var svc = &Svc{base: 3}

//fluxo:flow
func F34(ctx context.Context, w *world.Writer, k int, s string, ks []int) (Rec, error) {
	var r1 Rec

	r2, _ := V10(ctx, k)
	s3 := Show(r2)
	slices.Reverse(r2.L)
	i4, _ := P(k, "a")
	_, _, _, _ = r1, r2, s3, i4
	return r2, nil
}

// Table lists the flows of the package for the harness, and writes of the data
// that they read.
var Table = map[string]world.Flow{

	"F34": F34,

	"Q0": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q0(ctx, k) },
	"Q1": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q1(ctx, k) },
	"Q2": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q2(ctx, k) },
	"Q3": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q3(ctx, k) },
	"Q4": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q4(ctx, k) },
	"Q5": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q5(ctx, k) },
	"Q6": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q6(ctx, k) },
	"Q7": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q7(ctx, k) },
	"Q8": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q8(ctx, k) },
	"Q9": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q9(ctx, k) },
	"WP": func(ctx context.Context, _ *world.Writer, k int, s string, _ []int) (Rec, error) {
		return Rec{}, WP(ctx, k, s)
	},
	"WAll": func(ctx context.Context, _ *world.Writer, _ int, s string, _ []int) (Rec, error) {
		return Rec{}, WAll(ctx, s)
	},
}
