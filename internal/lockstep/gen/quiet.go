package gen

// Flows that every package has: small, and each full of one trap. All but the last only ask.

// QuietFlows is how many flows every package has that only ask: Q0, Q1, ….
const QuietFlows = 15

const quietText = `// Q0 only asks.
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
		r, err := V10(ctx, (k+i)%%3)
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

// Q13 asks again with what it was told.
//
//fluxo:flow
func Q13(ctx context.Context, k int) (Rec, error) {
	r, err := V10(ctx, k)
	if err != nil {
		return r, err
	}
	k = r.K
	s, err := VN(ctx, k)
	if err != nil {
		return s, err
	}
	return Rec{K: k, S: r.S + s.S, L: s.L}, nil
}

// Q14 says what it was told.
//
//fluxo:flow
func Q14(ctx context.Context, k int) (Rec, error) {
	r, err := V10(ctx, k)
	if err != nil {
		return r, err
	}
	Log(k, r.S)
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

// A1 asks with the handle as long as nobody fails, and writes to it when that is over.
//
//fluxo:flow
func A1(ctx context.Context, w *world.Writer, k int) (Rec, error) {
	var out Rec
	for range 2 {
		r, err := VN(ctx, k)
		if err != nil {
			break
		}
		p, err := Peek(ctx, w, k)
		if err != nil {
			break
		}
		out.S += r.S + p.S
	}
	Put(w, "over")
	return out, nil
}

`
