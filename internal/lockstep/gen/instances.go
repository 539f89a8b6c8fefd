package gen

// Generic steps and flows at several instances, and methods of a generic type.

func instanceIdioms() []idiom {
	return []idiom{{"instances", 2, anywhere, (*flowGen).instances}}
}

// instances calls what is generic, for the flow's own type parameter where it has one.
func (g *flowGen) instances() {
	t := pick(g, []string{"int", "mine", "string"})
	if g.generic {
		t = "T"
	}
	b, s, n := g.name_("b"), g.name_("s"), g.name_("n")
	switch g.rnd.IntN(4) {
	case 0:
		g.line("%s, err := VG[%s](ctx, %s)", b, t, g.key())
		g.failEdge()
	case 1:
		g.line("%s, _ := VG[%s](ctx, %s)", b, t, g.key())
	case 2:
		g.line("%s, err := G0[%s](ctx, %s)", b, t, g.key())
		g.failEdge()
	case 3:
		shelf := pick(g, []string{"ints", "mines"})
		if g.generic {
			shelf = "(&Shelf[T]{repo: svc.repo})"
		}
		g.line("%s, _ := %s.G1(ctx, %s)", b, shelf, g.key())
	}
	g.line("%s, %s := Tag(%s.Item), %s.N", s, n, b, b)
	if g.chance(0.3) {
		g.line("%s += fmt.Sprintf(\"%%T\", %s)", s, b)
	}
	g.declare("str", s)
	g.declare("int", n)
}

const genericText = `// A label is what generic steps and flows are made for.
type label interface{ ~int | ~string }

// mine prints as an int does, and is none.
type mine int

// A Box is an answer about a label.
type Box[T label] struct {
	Item T
	N    int
	S    string
}

func (b Box[T]) rec() Rec { return Rec{K: b.N, S: fmt.Sprintf("%%T %%v ", b.Item, b.Item) + b.S} }

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
	b.N, b.S = r.K, fmt.Sprintf("%%T %%s", b.Item, r.S)
	return b, err
}

// Tag tells types apart that print alike.
//
//fluxo:pure
func Tag[T label](x T) string { return fmt.Sprintf("%%T:%%v", x, world.Slow(1)) + fmt.Sprint(x) }

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
		return all[len(ks)%%len(all)](ctx, w, k, s, ks)
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

`
