package recorded

// Secrets, left out of what is recorded.

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Redacted stands where a secret was.
const Redacted = "redacted"

// New returns what is kept of a request with that body, of which size bytes came. marked are the names that the source
// marks as secrets, those of path wildcards in pattern included.
func New(r *http.Request, pattern string, body []byte, size int64, marked []string) *Request {
	k := &keeper{marked: marked}
	q := &Request{Method: r.Method, URL: k.path(r.URL, pattern), Header: harmless(r.Header), Size: size}
	if query := k.query(r.URL.RawQuery); query != "" {
		q.URL += "?" + query
	}
	q.Body = k.body(r.Header.Get("Content-Type"), body, size)
	slices.Sort(k.left)
	q.Left = slices.Compact(k.left)
	return q
}

// A keeper leaves out what is secret.
type keeper struct {
	marked []string
	left   []string
}

// isSecret reports whether a name is that of a secret, and notes that it was left out.
func (k *keeper) isSecret(name string) bool {
	if IsSecret(name) || slices.Contains(k.marked, name) {
		k.left = append(k.left, name)
		return true
	}
	return false
}

// path returns the path of u, without the wildcards of the pattern "GET /reset/{token}" that are secrets.
func (k *keeper) path(u *url.URL, pattern string) string {
	path := strings.Split(u.EscapedPath(), "/")
	if _, after, ok := strings.Cut(pattern, " "); ok {
		pattern = after
	}
	for i, part := range strings.Split(pattern, "/") {
		name, isWildcard := strings.CutPrefix(part, "{")
		name = strings.TrimSuffix(name, "}")
		rest := strings.HasSuffix(name, "...")
		if !isWildcard || i >= len(path) || !k.isSecret(strings.TrimSuffix(name, "...")) {
			continue
		}
		path[i] = Redacted
		if rest {
			path = path[:i+1]
		}
	}
	return strings.Join(path, "/")
}

// query returns a query, or a form, without its secrets; what cannot be parsed is left out.
func (k *keeper) query(raw string) string {
	var kept []string
	for _, pair := range strings.Split(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		switch {
		case pair == "":
		case err != nil:
			k.left = append(k.left, "query")
		case k.isSecret(plain):
			kept = append(kept, name+"="+Redacted)
		default:
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// body returns what is kept of a body: JSON and forms, whose fields have names.
func (k *keeper) body(contentType string, body []byte, size int64) []byte {
	if size == 0 {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case size > MaxBody || int64(len(body)) < size:
	case kind == "application/x-www-form-urlencoded":
		return []byte(k.query(string(body)))
	case kind == "" || kind == "application/json" || strings.HasSuffix(kind, "+json"):
		if kept, ok := k.json(body); ok {
			return kept
		}
	}
	k.left = append(k.left, "body")
	return nil
}

// json returns a JSON value without its secrets; false if it is none.
func (k *keeper) json(body []byte) ([]byte, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, false
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, false
	}
	before := len(k.left)
	v = k.value(v)
	if len(k.left) == before {
		return body, true // as it came
	}
	kept, err := json.Marshal(v)
	return kept, err == nil
}

func (k *keeper) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			if k.isSecret(name) {
				v[name] = Redacted
			} else {
				v[name] = k.value(field)
			}
		}
	case []any:
		for i := range v {
			v[i] = k.value(v[i])
		}
	}
	return v
}
