package engine

// Hidden inputs: a context that notices which values a step reads.

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// A watched context belongs to a recording. A value read under a foreign key is
// an input that is not in the graph: the step gets it, and the result is its
// caller's alone.
type watched struct {
	context.Context
	rec       *recording
	observers *observers
}

type recordingKey struct{}

func (c watched) Value(key any) any {
	switch {
	case key == (recordingKey{}):
		return c.rec
	case isOwn(key), c.observers.know(key):
	default:
		c.rec.reads(key)
	}
	return c.Context.Value(key)
}

// isOwn reports whether it is the engine that asks.
func isOwn(key any) bool {
	switch key.(type) {
	case originKey, insideOf, traceKey, armKey, examKey, shadowKey, followedKey:
		return true
	}
	return false
}

// observers knows the context keys that cannot influence a result.
type observers struct {
	keys sync.Map // those that the program names
}

// observing lists the packages whose context keys serve tracing, profiling
// and cancellation. net/http also keeps the server and the local address.
var observing = []string{
	"context",
	"internal/nettrace",
	"net",
	"net/http",
	"net/http/httptrace",
	"runtime/pprof",
	"runtime/trace",
	"go.opentelemetry.io/",
}

func (o *observers) know(key any) bool {
	if key == cancelKey {
		return true
	}
	if t := reflect.TypeOf(key); t != nil {
		if !t.Comparable() {
			return false
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		for _, p := range observing {
			if path := t.PkgPath(); path == p || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p) {
				return true
			}
		}
	}
	_, ok := o.keys.Load(key)
	return ok
}

// outlasting returns a context for work that may begin long after the request of ctx is over, and does not keep alive what the request
// has: of its values it has those that the program says cannot influence a result.
func (o *observers) outlasting(ctx context.Context) context.Context {
	out := context.Background()
	if ctx != nil {
		o.keys.Range(func(key, _ any) bool {
			if v := ctx.Value(key); v != nil {
				out = context.WithValue(out, key, v)
			}
			return true
		})
	}
	return out
}

// keyName is a foreign key for people: its type, and its value where that says more.
func keyName(key any) string {
	t := reflect.TypeOf(key)
	if t == nil {
		return "nil"
	}
	v := reflect.ValueOf(key)
	switch v.Kind() {
	case reflect.String:
		return t.String() + "(" + strconv.Quote(v.String()) + ")"
	case reflect.Struct, reflect.Pointer:
		return t.String()
	}
	if v.CanInt() {
		return t.String() + "(" + strconv.FormatInt(v.Int(), 10) + ")"
	}
	return t.String()
}
