package emit

// Triggers: each route and schedule of a flow, and each raw handler, is registered by the package that
// declares the function, where unexported names are at hand.

import (
	"fmt"
	"go/types"
	"net/http"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

const (
	servePath   = "fluxo.dev/fluxo/rt/serve"
	controlPath = "fluxo.dev/fluxo/rt/control"
)

// A Trigger is what has the service run a function: requests, or time.
type Trigger struct {
	Method string // "GET"; "" for any, of a raw handler
	Path   string // "/weather/{zip}"
	Raw    bool
	Every  time.Duration // of a schedule, which has nothing else
}

// ParseTrigger reads a trigger as a summary has it, "get /weather/{zip}"; false
// for one that only Go code pulls, as "flow".
func ParseTrigger(text string) (Trigger, bool) {
	name, rest, ok := strings.Cut(text, " ")
	if name == "every" {
		period, err := time.ParseDuration(rest)
		return Trigger{Every: period}, err == nil
	}
	t := Trigger{Raw: name == "raw"}
	if t.Method, t.Path, _ = strings.Cut(effect.Pattern(text), " "); t.Path == "" {
		t.Method, t.Path = "", t.Method
	}
	return t, ok
}

// String is the trigger as messages name it.
func (t Trigger) String() string {
	if t.Every > 0 {
		return "runs every " + t.Every.String()
	}
	return "serves " + strings.TrimSpace(t.Method+" "+t.Path)
}

// frameworks own handlers that only their own routers can call.
var frameworks = []string{"github.com/gin-gonic/gin", "github.com/labstack/echo/", "github.com/gofiber/fiber/"}

// CanRoute reports whether Fluxo can call fn for a route: a function, and no
// handler of a framework. A method needs a receiver, and only the program knows which.
func CanRoute(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() != nil {
		return false
	}
	for p := range sig.Params().Variables() {
		n, ok := deref(p.Type()).(*types.Named)
		if !ok || n.Obj().Pkg() == nil {
			continue
		}
		for _, f := range frameworks {
			if strings.HasPrefix(n.Obj().Pkg().Path(), f) {
				return false
			}
		}
	}
	return true
}

// A Reach is what a flow does to the world, as far as those who run it must know.
type Reach struct {
	Read  bool     // nothing could be left half done
	Cache string   // who may keep what it answers, as package serve names it: "Private", "Public"; "" for nobody
	Vary  []string // what of the request's header the answer depends on, if somebody may keep it
}

// Trigger registers a trigger of fn, a function of the package.
func (f *File) Trigger(fn *types.Func, t Trigger, r Reach) {
	if t.Every > 0 {
		f.schedule(fn, t.Every, r.Read)
		return
	}
	f.route(fn, t, r)
}

// schedule registers a flow that runs at intervals. What it returns beside an error is dropped.
func (f *File) schedule(fn *types.Func, period time.Duration, read bool) {
	serve, sig := f.Import(servePath, "fluxoserve"), fn.Signature()
	ctx, err := value.Local("ctx"), value.Local("err")
	call := fmt.Sprintf("%s(%s)", fn.Name(), strings.Join(slices.Repeat([]string{ctx}, sig.Params().Len()), ", "))
	switch failure := errorResult(sig); {
	case failure < 0:
		call += "\nreturn nil"
	case failure == 0:
		call = "return " + call
	default:
		call = strings.Repeat("_, ", failure) + err + " := " + call + "\nreturn " + err
	}
	f.Add("func init() {\n%s.RegisterSchedule(%s.Schedule{Flow: %q, Every: %d /* %v */, Read: %t,\nRun: func($ctx %s.Context) error {\n%s\n},\n})\n}\n",
		serve, serve, fn.FullName(), int64(period), period, read, f.Import("context", "context"), call)
}

// route registers a function that answers requests.
func (f *File) route(fn *types.Func, t Trigger, r Reach) {
	serve := f.Import(servePath, "fluxoserve")
	sig := fn.Signature()
	route := fmt.Sprintf("Flow: %q, Method: %q, Pattern: %q", fn.FullName(), t.Method, t.Path)
	if r.Read || t.Raw {
		route += ", Read: true"
	}
	if isHandler(sig) {
		f.Add("func init() {\n%s.Register(%s.Route{%s, Handler: %s})\n}\n", serve, serve, route, fn.Name())
		return
	}
	if t.Method == http.MethodGet && r.Cache != "" {
		route += ", Cache: " + serve + "." + r.Cache
		if len(r.Vary) > 0 {
			route += fmt.Sprintf(", Vary: []string{%q}", strings.Join(r.Vary, ", "))
		}
	}
	binds, args, user := f.bind(sig, t)
	if user {
		route += ", User: true"
	}
	f.Add("func init() {\n%s.Register(%s.Route{%s,\nCall: func($r *%s.Request) (any, error) {\n%sif $err := $r.Err(); $err != nil {\nreturn nil, $err\n}\n%s\n},\n})\n}\n",
		serve, serve, route, serve, binds, answer(sig, fmt.Sprintf("%s(%s)", fn.Name(), strings.Join(args, ", "))))
}

// bind returns the statements that read the parameters of a flow from a
// request, and the arguments of its call.
func (f *File) bind(sig *types.Signature, t Trigger) (binds string, args []string, user bool) {
	serve := f.Import(servePath, "fluxoserve")
	var b strings.Builder
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		arg := value.Local(fmt.Sprintf("p%d", i))
		switch {
		case isNamed(p.Type(), "context", "Context"):
			arg = value.Local("r.Context()")
		case isNamed(p.Type(), "fluxo.dev/fluxo", "User"):
			arg, user = value.Local("r.User()"), true
		case isNamed(deref(p.Type()), "net/http", "Request"):
			arg = value.Local("r.HTTP()")
		case strings.Contains(t.Path, "{"+p.Name()+"}"), strings.Contains(t.Path, "{"+p.Name()+"...}"):
			b.WriteString(value.Text("%s := %s.Path[%s]($r, %q)\n", arg, serve, f.Type(p.Type()), p.Name()))
		case isBody(p.Type()):
			b.WriteString(value.Text("%s := %s.Body[%s]($r)\n", arg, serve, f.Type(p.Type())))
		default:
			b.WriteString(value.Text("%s := %s.Query[%s]($r, %q)\n", arg, serve, f.Type(p.Type()), p.Name()))
		}
		args = append(args, arg)
	}
	return b.String(), args, user
}

// answer returns the statements that call the flow and return its result.
func answer(sig *types.Signature, call string) string {
	failure := errorResult(sig)
	switch n := sig.Results().Len(); {
	case n == 0:
		return call + "\nreturn nil, nil"
	case n == 1 && failure == 0:
		return "return nil, " + call
	case failure < 0:
		return "return " + call + ", nil"
	}
	return "return " + call
}

// isHandler reports whether the signature is an http.HandlerFunc's.
func isHandler(sig *types.Signature) bool {
	return sig.Params().Len() == 2 && isNamed(sig.Params().At(0).Type(), "net/http", "ResponseWriter") &&
		isNamed(deref(sig.Params().At(1).Type()), "net/http", "Request") && sig.Results().Len() == 0
}

// isBody reports whether a parameter of type t is the JSON body: a struct, a
// map, a slice of such, that is not read from one text.
func isBody(t types.Type) bool {
	if fromText(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return !fromText(u.Elem()) && isStruct(u.Elem())
	case *types.Slice:
		return isBody(u.Elem())
	case *types.Map:
		return true
	}
	return isStruct(t)
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// fromText reports whether a value of type t is written as one text.
func fromText(t types.Type) bool {
	if isNamed(t, "time", "Time") {
		return true
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), false, nil, "UnmarshalText")
	_, ok := obj.(*types.Func)
	return ok
}
