package host

// From text to scalars, with messages that say what was expected.

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"fluxo.dev/fluxo"
)

// parseAll sets *v, a scalar, a pointer to one or a slice of them, from the
// values of a query parameter.
func parseAll[T any](texts []string, v *T, most int) error {
	if isScalar(reflect.TypeFor[T]()) {
		switch len(texts) {
		case 0:
			return errors.New("it is missing")
		case 1:
			return parse(texts[0], v)
		}
		return fmt.Errorf("it is given %d times, once is expected", len(texts))
	}
	target := reflect.ValueOf(v).Elem()
	switch target.Kind() {
	case reflect.Pointer:
		if len(texts) > 1 {
			return fmt.Errorf("it is given %d times, at most once is expected", len(texts))
		}
		for _, text := range texts {
			target.Set(reflect.New(target.Type().Elem()))
			return parseInto(text, target.Elem())
		}
	case reflect.Slice:
		if len(texts) > most {
			return fmt.Errorf("it is given %d times, at most %d are allowed", len(texts), most)
		}
		for i, text := range texts {
			target.Set(reflect.Append(target, reflect.Zero(target.Type().Elem())))
			if err := parseInto(text, target.Index(i)); err != nil {
				return fmt.Errorf("number %d: %w", i+1, err)
			}
		}
	default:
		panic("bug: a query parameter of type " + target.Type().String())
	}
	return nil
}

// isScalar reports whether a value of type t is read from one text.
func isScalar(t reflect.Type) bool {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return true
	}
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Slice
}

// isCustom reports whether a parameter of a type is read by code that is neither ours nor Go's.
func isCustom[T any]() bool {
	switch any((*T)(nil)).(type) {
	case *string, *int, *int64: // the common ones
		return false
	}
	t := reflect.TypeFor[T]()
	if !isScalar(t) {
		t = t.Elem()
	}
	own := t.PkgPath() == "time" || t.PkgPath() == reflect.TypeFor[fluxo.Error]().PkgPath()
	return !own && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// parse sets *v from text. The common types take the short way.
func parse[T any](text string, v *T) error {
	switch v := any(v).(type) {
	case *string:
		*v = text
		return validText(text)
	case *int:
		n, err := parseInt(text, strconv.IntSize)
		*v = int(n)
		return err
	case *int64:
		n, err := parseInt(text, 64)
		*v = n
		return err
	}
	return parseInto(text, reflect.ValueOf(v).Elem())
}

// parseInto sets the scalar v from text.
func parseInto(text string, v reflect.Value) error {
	if err := validText(text); err != nil {
		return err
	}
	switch to := v.Addr().Interface().(type) {
	case *time.Duration:
		d, err := time.ParseDuration(text)
		*to = d
		return expect(err, text, "a duration such as 90s or 1h30m")
	case *time.Time:
		t, err := time.Parse(time.RFC3339Nano, text)
		*to = t
		return expect(err, text, "a time such as 2006-01-02T15:04:05Z")
	case encoding.TextUnmarshaler:
		if err := to.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("%s: %w", quote(text), err)
		}
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		v.SetBool(b)
		return expect(err, text, "true or false")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := parseInt(text, v.Type().Bits())
		v.SetInt(n)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		bits := v.Type().Bits()
		n, err := strconv.ParseUint(text, 10, bits)
		if errors.Is(err, strconv.ErrRange) {
			return fmt.Errorf("%s is out of range, at most %d is allowed", quote(text), uint64(math.MaxUint64)>>(64-bits))
		}
		v.SetUint(n)
		return expect(err, text, "a whole number, 0 or more")
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%s is not a finite number of %d bits", quote(text), v.Type().Bits())
		}
		v.SetFloat(f)
		return expect(err, text, "a number")
	default:
		panic("bug: a parameter of type " + v.Type().String() + " cannot be bound to a text")
	}
	return nil
}

func parseInt(text string, bits int) (int64, error) {
	n, err := strconv.ParseInt(text, 10, bits)
	if errors.Is(err, strconv.ErrRange) {
		top := int64(math.MaxInt64) >> (64 - bits)
		return 0, fmt.Errorf("%s is out of range, %d to %d is allowed", quote(text), -top-1, top)
	}
	return n, expect(err, text, "a whole number")
}

func expect(err error, text, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s is not %s", quote(text), what)
}

func validText(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s is not valid UTF-8", quote(text))
	}
	return nil
}

// quote returns text quoted, cut to what is worth repeating.
func quote(text string) string {
	const shown = 40 // bytes
	if len(text) <= shown {
		return strconv.QuoteToASCII(text)
	}
	return strconv.QuoteToASCII(text[:shown]) + "…"
}
