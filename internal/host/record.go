package host

// Requests that are recorded: what is noted of each while somebody records.

import (
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/recorded"
)

// A recording is one request under way.
type recording struct {
	http   *http.Request
	at     time.Duration // when it came, by the process's clock
	body   []byte
	size   int64
	marked []string // names that the source marks as secrets
}

// record begins to note a request, if somebody records.
func (x *exchange) record(r *http.Request) {
	if !recorded.Feed.IsHeard() || isProbe(x.path) {
		return
	}
	x.recording = &recording{http: r, at: clock.Elapsed()}
	if r.Body != nil {
		r.Body = &recordedBody{r.Body, x.recording}
	}
}

// recorded passes the request on.
func (x *exchange) recorded() {
	rec := x.recording
	if rec == nil {
		return
	}
	q := recorded.New(rec.http, rec.http.Pattern, rec.body, max(rec.size, rec.http.ContentLength), rec.marked)
	q.At, q.Status = rec.at, x.status
	recorded.Feed.Add(q)
}

// A recordedBody notes what is read of a body.
type recordedBody struct {
	io.ReadCloser
	rec *recording
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.rec.size += int64(n)
	if room := recorded.MaxBody - len(b.rec.body); room > 0 {
		b.rec.body = append(b.rec.body, p[:min(n, room)]...)
	}
	return n, err
}

// mark notes that a parameter is a secret if it is of such a type.
func (r *Request) mark(name string, t reflect.Type) {
	if r.out == nil || r.out.recording == nil {
		return
	}
	if isSecret(t) {
		r.out.recording.marked = append(r.out.recording.marked, name)
	}
}

// markFields does the same of the fields of a body.
func (r *Request) markFields(t reflect.Type) {
	if r.out == nil || r.out.recording == nil {
		return
	}
	names, ok := secretFields.Load(t)
	if !ok {
		names, _ = secretFields.LoadOrStore(t, fieldsOf(t, map[reflect.Type]bool{}))
	}
	r.out.recording.marked = append(r.out.recording.marked, names.([]string)...)
}

// secretFields has the names of secret fields by type; bounded by the types in the program.
var secretFields sync.Map

var secretType = reflect.TypeFor[fluxo.Secret]()

func isSecret(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t == secretType
}

// fieldsOf lists the names that secret fields of t have in JSON, however deep.
func fieldsOf(t reflect.Type, seen map[reflect.Type]bool) (names []string) {
	if seen[t] {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return fieldsOf(t.Elem(), seen)
	case reflect.Struct:
	default:
		return nil
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		if isSecret(f.Type) {
			names = append(names, name)
		}
		names = append(names, fieldsOf(f.Type, seen)...)
	}
	return names
}
