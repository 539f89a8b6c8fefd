package host

// The JSON body of a request.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"strings"
	"unicode/utf8"

	"fluxo.dev/fluxo"
)

// A statusError is a failure that HTTP has a finer status for than its kind has.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// Body binds the JSON body. Unknown fields are refused: a misspelt field that is
// silently dropped changes what the request means.
func Body[T any](r *Request) T {
	var v T
	r.beyond = true
	r.markFields(reflect.TypeFor[T]())
	data, err := readBody(r)
	if err != nil {
		r.failed = err
		return v
	}
	if err := decodeBody(data, &v); err != nil {
		r.complain("body: %v", err)
	}
	return v
}

func readBody(r *Request) ([]byte, error) {
	if kind := r.http.Header.Get("Content-Type"); kind != "" && !isJSON(kind) {
		return nil, &statusError{http.StatusUnsupportedMediaType,
			fluxo.Invalid.Errorf("body: its Content-Type is %s; send JSON, with the header Content-Type: application/json", quote(kind))}
	}
	limit := r.limits.BodyBytes
	if r.http.ContentLength > limit {
		r.out.Header().Set("Connection", "close") // rather than read it all to reach the next request
		return nil, tooLarge(limit)
	}
	var buf bytes.Buffer
	if r.http.ContentLength > 0 {
		buf.Grow(int(r.http.ContentLength) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(r.http.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		r.out.Header().Set("Connection", "close")
		return nil, &statusError{http.StatusRequestTimeout, fluxo.Invalid.Errorf("body: it did not arrive within %v", r.limits.Read)}
	case err != nil:
		return nil, fluxo.Invalid.Errorf("body: it ends after %d bytes: %w", buf.Len(), err)
	}
	return buf.Bytes(), nil
}

func tooLarge(limit int64) error {
	return &statusError{http.StatusRequestEntityTooLarge, fluxo.Invalid.Errorf("body: it is larger than %d bytes", limit)}
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// decodeBody sets *v from data, which must be one JSON value.
func decodeBody(data []byte, v any) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("it is empty, a JSON value is expected")
	}
	if !utf8.Valid(data) {
		return errors.New("it is not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return explainJSON(err, decoder.InputOffset())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("there is more after the JSON value that ends at byte %d", decoder.InputOffset())
	}
	return nil
}

// explainJSON says in our words what encoding/json found.
func explainJSON(err error, offset int64) error {
	var (
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
	)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("its JSON ends too early")
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d: %s", syntax.Offset, err)
	case errors.As(err, &kind):
		where := "the value"
		if kind.Field != "" {
			where = fmt.Sprintf("field %q", kind.Field)
		}
		return fmt.Errorf("%s is a JSON %s, which does not fit %v (byte %d)", where, kind.Value, kind.Type, kind.Offset)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("field %s is not known here", field)
	}
	return fmt.Errorf("%w (before byte %d)", err, offset)
}
