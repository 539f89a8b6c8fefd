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
	"golang.org/x/sync/errgroup"
)

var (
	_ = errgroup.WithContext
	_ = fluxo.NewID
	_ = errors.Is
	_ = fmt.Sprint
	_ = math.NaN
	_ = slices.Max[[]int]
	_ = sort.Ints
	_ = strings.ToUpper
)

// Svc has fields that no flow changes.
type Svc struct {
	base int
	repo Repo
}

var svc = &Svc{base: 3, repo: store{}}

//fluxo:flow
func F21(ctx context.Context, w *world.Writer, k int, s string, ks []int) (Rec, error) {
	var group1 errgroup.Group
	var r2 Rec
	var r3 Rec
	group1.Go(func() error {
		got, err := V0(ctx, k)
		if err != nil {
			return fmt.Errorf("r2: %w", err)
		}
		r2 = got
		return nil
	})

	if err := group1.Wait(); err != nil {
		return Rec{K: k, S: fmt.Sprint(fmt.Sprint(len(s)), k, ks)}, err
	}
	m4 := map[string]int{strings.ToUpper(s): (k + 2) % 4}

	n5 := len(m4)
	r6, err := svc.repo.Post(ctx, n5)
	if err != nil {

	}
	s7 := ""
	for _, i8 := range ks {
		r9, e11 := VE(ctx, r2.K%3)
		r10, err := O(ctx, 0)
		if err := errors.Join(e11, err); err != nil {
			return Rec{K: (k + 2) % 4, S: fmt.Sprint(strings.Join(r6.L, ","), r2, r3, r6, k, n5, i8, ks)}, err
		}

		f12 := func(x int) int { return (x + i8) % 4 }
		n13 := f12(2)
		n14 := n5

		_, _, _, _, _ = i8, r9, r10, n13, n14
	}

	group15, c16 := errgroup.WithContext(ctx)

	var n17, n18 int
	group15.Go(func() error { return WP(c16, n5, "forked") })

	_, _, _, _, _, _, _ = r2, r3, n5, r6, s7, n17, n18
	return r6, nil
}

// Table lists the flows of the package for the harness, and writes of the data
// that they read.
var Table = map[string]world.Flow{

	"F21": F21,

	"Q0":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q0(ctx, k) },
	"Q1":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q1(ctx, k) },
	"Q2":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q2(ctx, k) },
	"Q3":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q3(ctx, k) },
	"Q4":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q4(ctx, k) },
	"Q5":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q5(ctx, k) },
	"Q6":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q6(ctx, k) },
	"Q7":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q7(ctx, k) },
	"Q8":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q8(ctx, k) },
	"Q9":  func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q9(ctx, k) },
	"Q10": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q10(ctx, k) },
	"Q11": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q11(ctx, k) },
	"Q12": func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) { return Q12(ctx, k) },
	"A0": func(ctx context.Context, w *world.Writer, k int, _ string, _ []int) (Rec, error) {
		return A0(ctx, w, k)
	},
	"G0": instances(boxed(G0[int]), boxed(G0[mine]), boxed(G0[string])),
	"G1": instances(boxed(ints.G1), boxed(mines.G1), boxed(texts.G1)),
	"WP": func(ctx context.Context, _ *world.Writer, k int, s string, _ []int) (Rec, error) {
		return Rec{}, WP(ctx, k, s)
	},
	"WAll": func(ctx context.Context, _ *world.Writer, _ int, s string, _ []int) (Rec, error) {
		return Rec{}, WAll(ctx, s)
	},
}
