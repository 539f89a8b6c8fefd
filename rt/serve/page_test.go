package serve

// A flow with all that an answer may depend on, as emit would write it: its caller, named data, the
// outside world. What its steps do is the test's to say.

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/rt"
)

// page is a flow of the tests of answers.
type page struct {
	name string
	user bool   // it takes a fluxo.User
	post string // effects of the step that reads posts
	sky  string // of the step that looks at the sky
	plan string
	slot rt.Slot

	posts, skies func(ctx context.Context, id string) (string, error)
}

// pageFrame has the flow's variables.
type pageFrame struct {
	ctx           context.Context
	user          fluxo.User
	id, post, sky string
	err           error
	out0          Page
	out1          error
}

// A Page is what the flow returns.
type Page struct{ For, Post, Sky string }

func (p *page) flow() string { return "example.com/test." + p.name }

func (p *page) program() rt.Program {
	text := `flow ` + p.flow() + `
param ctx context context.Context
param user data fluxo.User key copy
param id data string key copy
var post data string key copy
var sky data string key copy
var err error error key copy
result out.0 data Page key copy
result out.1 error error key copy
body {
	step Post example.com/test.Post (ctx id) -> (post) {` + p.post + "} `post := Post(ctx, id)`" + `
	step Sky example.com/test.Sky (ctx id) -> (sky err) err=err {` + p.sky + "} `sky, err := Sky(ctx, id)`" + `
	fail Sky.fail (err) -> (out.0 out.1) err=err exit=return ` + "`if err != nil { return Page{}, err }`" + `
	result return (user post sky) -> (out.0 out.1) exit=return ` + "`return Page{user.ID, post, sky}, nil`" + `
}
`
	post := rt.Code{
		Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
			f := fr.Vars.(*pageFrame)
			f.post, _ = p.posts(t.Context(f.ctx), f.id)
			return rt.Next
		},
		Data: func(fr *rt.Frame, keys []rt.DataKey) []rt.DataKey {
			return append(keys, postKey(fr.Vars.(*pageFrame).id))
		},
	}
	if !strings.HasPrefix(p.post, "reads") {
		post.Data = nil
	}
	return rt.Program{
		Graph:  text,
		Frames: []rt.FrameCode{rt.FrameOf[pageFrame]()},
		Vars: []rt.Var{
			{Move: func(d, s any) { d.(*pageFrame).ctx = s.(*pageFrame).ctx }, Save: func(v any) (any, int, bool) { return v.(*pageFrame).ctx, 0, true }},
			variable(func(f *pageFrame) *fluxo.User { return &f.user }, func(u fluxo.User) string { return u.ID }),
			variable(func(f *pageFrame) *string { return &f.id }, itself),
			variable(func(f *pageFrame) *string { return &f.post }, itself),
			variable(func(f *pageFrame) *string { return &f.sky }, itself),
			failure(func(f *pageFrame) *error { return &f.err }),
			variable(func(f *pageFrame) *Page { return &f.out0 }, func(p Page) string { return p.For + "\x00" + p.Post + "\x00" + p.Sky }),
			failure(func(f *pageFrame) *error { return &f.out1 }),
		},
		Nodes: []rt.Code{
			post,
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*pageFrame)
				f.sky, f.err = p.skies(t.Context(f.ctx), f.id)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*pageFrame)
				if f.err != nil {
					f.out0, f.out1 = Page{}, f.err
					return rt.Return
				}
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*pageFrame)
				f.out0, f.out1 = Page{f.user.ID, f.post, f.sky}, nil
				return rt.Return
			}},
		},
	}
}

// postKey names a post.
func postKey(id string) rt.DataKey { return rt.DataKey{Name: "posts", Parts: [][]byte{[]byte(id)}} }

func itself(s string) string { return s }

// variable is the code of a variable of plain data.
func variable[T any](of func(*pageFrame) *T, key func(T) string) rt.Var {
	return rt.Var{
		Move: func(d, s any) { *of(d.(*pageFrame)) = *of(s.(*pageFrame)) },
		Key:  func(b []byte, v any) ([]byte, bool) { return append(append(b, key(*of(v.(*pageFrame)))...), 0), true },
		Save: func(v any) (any, int, bool) { x := *of(v.(*pageFrame)); return x, len(key(x)), true },
		Load: func(v, saved any) { *of(v.(*pageFrame)) = saved.(T) },
		Flat: true,
	}
}

func failure(of func(*pageFrame) *error) rt.Var {
	return rt.Var{
		Move: func(d, s any) { *of(d.(*pageFrame)) = *of(s.(*pageFrame)) },
		Save: func(v any) (any, int, bool) { return *of(v.(*pageFrame)), 16, true },
		Load: func(v, saved any) { *of(v.(*pageFrame)), _ = saved.(error) },
	}
}

// call is the dispatcher.
func (p *page) call(ctx context.Context, user fluxo.User, id string) (Page, error) {
	plan := p.slot.Plan()
	if plan == nil {
		return p.written(ctx, user, id)
	}
	fr := plan.Enter()
	f := fr.Vars.(*pageFrame)
	f.ctx, f.user, f.id = ctx, user, id
	plan.Run(ctx, fr)
	out0, out1 := f.out0, f.out1
	plan.Leave(fr)
	return out0, out1
}

// written is the author's own body.
func (p *page) written(ctx context.Context, user fluxo.User, id string) (Page, error) {
	post, _ := p.posts(ctx, id)
	sky, err := p.skies(ctx, id)
	if err != nil {
		return Page{}, err
	}
	return Page{user.ID, post, sky}, nil
}

func (p *page) route() Route {
	return Route{Flow: p.flow(), Method: "GET", Pattern: "/" + p.name + "/{id}", Read: true, Cache: Public, User: p.user,
		Call: func(r *Request) (any, error) {
			var user fluxo.User
			if p.user {
				user = r.User()
			}
			id := Path[string](r, "id")
			if err := r.Err(); err != nil {
				return nil, err
			}
			return p.call(r.Context(), user, id)
		}}
}

// The pages of this test program. Every test says what their steps do.
var (
	skyOf   = &page{name: "SkyOf", post: "pure", sky: "volatile 1m errors=NotFound", plan: "answer"}
	postOf  = &page{name: "PostOf", post: "reads posts:{id}", sky: "volatile 1m errors=NotFound", plan: "answer"}
	homeOf  = &page{name: "HomeOf", user: true, post: "reads posts:{id}", sky: "volatile 1m errors=NotFound", plan: "answer"}
	inParts = &page{name: "InParts", user: true, post: "reads posts:{id}", sky: "volatile 1m errors=NotFound", plan: "answer\n\tstore Sky\n\tcoalesce Post\n\tparallel Post Sky"}
	pages   = []*page{skyOf, postOf, homeOf, inParts}
)

func init() {
	rt.Sole("posts")
	for _, p := range pages {
		rt.Register(rt.ABI1, &p.slot, p.program())
	}
}

// writesPosts is the step that changes posts.
var writesPosts = engine.Acts{Step: "example.com/test.Publish", At: "page_test.go", Writes: []string{"posts"}}

// publish changes a post, by what f does.
func publish(id string, f func()) {
	writesPosts.Do(context.Background(), func() []rt.DataKey { return []rt.DataKey{postKey(id)} }, func(context.Context) error { f(); return nil })
}

// fixed has the steps of every page do as posts and skies.
func fixed(t *testing.T, posts, skies func(ctx context.Context, id string) (string, error)) {
	for _, p := range pages {
		p.posts, p.skies = posts, skies
	}
	t.Cleanup(func() { fixedNever() })
}

var errNoTest = errors.New("no test says what the steps do")

func fixedNever() {
	for _, p := range pages {
		p.posts = func(context.Context, string) (string, error) { return "", errNoTest }
		p.skies = p.posts
	}
}
