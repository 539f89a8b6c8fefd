package p0

import (
	"context"
	"fmt"
	"math"

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

// Q3 makes do with what there is.
//
//fluxo:flow
func Q3(ctx context.Context, k int) (Rec, error) {
	a, _ := VE(ctx, k)
	b, err := VB(ctx, a.K)
	if err != nil {
		return a, err
	}
	return Rec{K: b.K, S: a.S + b.S, L: b.L}, nil
}

// Q4 asks somebody who knows more than he was told, and somebody in a hurry.
//
//fluxo:flow
func Q4(ctx context.Context, k int) (Rec, error) {
	a, err := VD(ctx, k)
	if err != nil {
		return Rec{K: k}, err
	}
	b, _ := Hidden(ctx, k)
	return Rec{K: a.K, S: a.S + b.S, L: append(a.L, b.S)}, nil
}

// Q5 asks for several, each apart from the others.
//
//fluxo:flow
func Q5(ctx context.Context, k int) (Rec, error) {
	var out Rec
	for i := range 3 {
		r, err := V10(ctx, (k+i)%3)
		if err != nil {
			return out, err
		}
		out.S += r.S
		if r.K == 0 {
			break
		}
		v, _ := VE(ctx, i)
		out.L = append(out.L, v.S)
	}
	return out, nil
}

// Q6 looks closely.
//
//fluxo:flow
func Q6(ctx context.Context, k int) (Rec, error) {
	x := nth([]float64{0, math.Copysign(0, -1), math.NaN()}, k, 1)
	l := nth([][]int{nil, {}, {1}}, k, nil)
	s := Text(x)
	t := Kind(l)
	return Rec{K: k, S: s + t}, nil
}

// Q7 changes what it was given.
//
//fluxo:flow
func Q7(ctx context.Context, k int) (Rec, error) {
	v, err := VB(ctx, k)
	if err != nil {
		return v, err
	}
	for i := range v.L {
		v.L[i] += "!"
	}
	return v, nil
}

// Q8 asks three that do not need each other, and stops at the first that fails.
//
//fluxo:flow
func Q8(ctx context.Context, k int) (Rec, error) {
	a, err := VB(ctx, k)
	if err != nil {
		return Rec{S: "first"}, err
	}
	b, err := RP(ctx, k)
	if err != nil {
		return a, err
	}
	c, err := V10(ctx, k)
	if err != nil {
		return b, err
	}
	n := Ident(k)
	return Rec{K: n, S: a.S + b.S + c.S}, nil
}

// Q9 looks at all there is, then at a part.
//
//fluxo:flow
func Q9(ctx context.Context, k int) (Rec, error) {
	all, err := RAll(ctx)
	if err != nil {
		return all, err
	}
	one, _ := RP(ctx, k)
	return Rec{K: one.K, S: all.S + one.S, L: all.L}, nil
}

// Q10 goes on until it finds the last one, which is missing.
//
//fluxo:flow
func Q10(ctx context.Context, k int) (Rec, error) {
	ks := nth([][]int{{0}, {1, 0}, {2}}, k, nil)
	for i := 0; ks[i] < 3; i++ {
		r, err := V10(ctx, k)
		if err != nil || r.K < 2 {
			return r, err
		}
	}
	return Rec{K: k}, nil
}

// Q11 asks for what it may not need.
//
//fluxo:flow
func Q11(ctx context.Context, k int) (Rec, error) {
	a, err := VD(ctx, k)
	if err != nil {
		return a, err
	}
	b, _ := V10(ctx, k)
	c, _ := RP(ctx, b.K)
	n := Ident(k)
	m := Ident(n + 1)
	return Rec{K: m, S: a.S + b.S + c.S}, nil
}

// Q12 has an old answer where there is no new one.
//
//fluxo:flow
func Q12(ctx context.Context, k int) (Rec, error) {
	r, err := VE(ctx, k)
	if err != nil {
		return Rec{K: k}, err
	}
	return r, nil
}

// A0 answers for itself where it fails.
//
//fluxo:flow
func A0(ctx context.Context, w *world.Writer, k int) (Rec, error) {
	r, err := VN(ctx, k)
	if err != nil {
		w.Lines = append(w.Lines, fmt.Sprint("failed ", k, err))
		return Rec{K: k}, nil
	}
	b, _ := V10(ctx, r.K)
	return Rec{K: b.K, S: r.S + b.S, L: r.L}, nil
}

// A label is what generic steps and flows are made for.
type label interface{ ~int | ~string }

// mine prints as an int does, and is none.
type mine int

// A Box is an answer about a label.
type Box[T label] struct {
	Item T
	N    int
	S    string
}

func (b Box[T]) rec() Rec { return Rec{K: b.N, S: fmt.Sprintf("%T %v ", b.Item, b.Item) + b.S} }

// VG answers each instance in its own words.
//
//fluxo:volatile 10s
func VG[T label](ctx context.Context, k int) (Box[T], error) {
	r, err := world.Ask(ctx, "V10", k)
	var b Box[T]
	switch item := any(&b.Item).(type) {
	case *int:
		*item = r.K
	case *mine:
		*item = mine(r.K)
	case *string:
		*item = fmt.Sprint(r.K)
	}
	b.N, b.S = r.K, fmt.Sprintf("%T %s", b.Item, r.S)
	return b, err
}

// Tag tells types apart that print alike.
//
//fluxo:pure
func Tag[T label](x T) string { return fmt.Sprintf("%T:%v", x, world.Slow(1)) + fmt.Sprint(x) }

// G0 is a generic flow.
//
//fluxo:flow
func G0[T label](ctx context.Context, k int) (Box[T], error) {
	b, err := VG[T](ctx, k)
	if err != nil {
		return b, err
	}
	s := Tag(b.Item)
	r, _ := RP(ctx, b.N)
	return Box[T]{Item: b.Item, N: r.K, S: s + r.S}, nil
}

// A Shelf has a flow as its method, and gets things from a Repo.
type Shelf[T label] struct {
	first T
	repo  Repo
}

var (
	ints  = &Shelf[int]{first: 1, repo: store{}}
	mines = &Shelf[mine]{first: 1, repo: store{}}
	texts = &Shelf[string]{first: "1", repo: store{}}
)

// G1 is a flow of a generic type.
//
//fluxo:flow
func (s *Shelf[T]) G1(ctx context.Context, k int) (Box[T], error) {
	r, err := s.repo.Rate(ctx, k)
	if err != nil {
		return Box[T]{Item: s.first}, err
	}
	tag := Tag(s.first)
	p, err := s.repo.Post(ctx, r.K)
	return Box[T]{Item: s.first, N: p.K, S: tag + p.S}, err
}

// instances is a flow that is one of its instances, as the request says.
func instances(all ...world.Flow) world.Flow {
	return func(ctx context.Context, w *world.Writer, k int, s string, ks []int) (Rec, error) {
		return all[len(ks)%len(all)](ctx, w, k, s, ks)
	}
}

// boxed is a generic flow like any other.
func boxed[T label](flow func(context.Context, int) (Box[T], error)) world.Flow {
	return func(ctx context.Context, _ *world.Writer, k int, _ string, _ []int) (Rec, error) {
		b, err := flow(ctx, k)
		return b.rec(), err
	}
}

// A Repo is where flows get what others keep.
type Repo interface {
	//fluxo:reads posts:{k}
	Post(ctx context.Context, k int) (Rec, error)

	//fluxo:volatile 10s
	Rate(ctx context.Context, k int) (Rec, error)

	//fluxo:writes posts:{k}
	Save(ctx context.Context, k int, s string) error
}

type store struct{}

func (store) Post(ctx context.Context, k int) (Rec, error) { return world.Read(ctx, "posts", k) }
func (store) Rate(ctx context.Context, k int) (Rec, error) { return world.Ask(ctx, "V10", k) }
func (store) Save(ctx context.Context, k int, s string) error {
	return world.Write(ctx, "posts", k, s)
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
