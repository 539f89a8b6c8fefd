package main

// The flows that are timed, and beside each the same function as Go alone runs it.

import (
	"context"
	"errors"
	"sync"
)

// A Point is a small struct.
type Point struct{ X, Y int }

// Step does next to nothing.
//
//fluxo:volatile 24h
//go:noinline
func Step(ctx context.Context, key string, p Point) (Point, error) {
	if key == "" {
		return Point{}, errors.New("no key")
	}
	p.X += len(key)
	return p, nil
}

// Empty has no decision in the plan.
//
//fluxo:flow
func Empty(ctx context.Context, key string, p Point) (Point, error) {
	p, err := Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

func emptyDirect(ctx context.Context, key string, p Point) (Point, error) {
	p, err := Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

// Chain is walked node by node, since the plan keeps a result in it; the branch
// with that is never taken, so that nothing is timed but the walk.
//
//fluxo:flow
func Chain(ctx context.Context, key string, p Point) (Point, error) {
	if key == "rare" {
		return Rarely(ctx, key)
	}
	p, err := Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

func chainDirect(ctx context.Context, key string, p Point) (Point, error) {
	if key == "rare" {
		return Rarely(ctx, key)
	}
	p, err := Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	p, err = Step(ctx, key, p)
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

// Rarely makes Chain a planned flow.
//
//fluxo:volatile 24h
func Rarely(ctx context.Context, key string) (Point, error) { return Point{X: len(key)}, nil }

// Find stands for something worth keeping.
//
//fluxo:volatile 24h
//go:noinline
func Find(ctx context.Context, key string) (Point, error) { return Point{X: len(key)}, nil }

// Kept answers from the store after the first time.
//
//fluxo:flow
func Kept(ctx context.Context, key string) (Point, error) {
	p, err := Find(ctx, key)
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

// Left and Right use the processor for the same time.
//
//fluxo:pure
func Left(turns int) uint64 { return spin(turns, 1) }

// Right does what Left does.
//
//fluxo:pure
func Right(turns int) uint64 { return spin(turns, 2) }

//go:noinline
func spin(turns int, x uint64) uint64 {
	for i := range uint64(turns) {
		x = x*6364136223846793005 + i
	}
	return x
}

// Both runs its two halves together under the plan.
//
//fluxo:flow
func Both(ctx context.Context, turns int) uint64 {
	l := Left(turns)
	r := Right(turns)
	return l ^ r
}

// bothByHand is what a person would write for it.
func bothByHand(turns int) uint64 {
	var l, r uint64
	var wg sync.WaitGroup
	wg.Go(func() { r = Right(turns) })
	l = Left(turns)
	wg.Wait()
	return l ^ r
}
