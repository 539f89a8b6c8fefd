package fluxo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"time"

	"fluxo.dev/fluxo"
)

func find(zip string) error {
	if len(zip) != 5 {
		return fluxo.Invalid.Errorf("a ZIP code has five digits, not %d", len(zip))
	}
	return fluxo.NotFound.Errorf("no such ZIP code: %s", zip)
}

func ExampleKind() {
	err := fmt.Errorf("weather: %w", find("00000"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, fluxo.NotFound), errors.Is(err, fluxo.Invalid))
	// Output:
	// weather: no such ZIP code: 00000
	// true false
}

func ExampleKindOf() {
	fmt.Println(fluxo.KindOf(find("606")))
	fmt.Println(fluxo.KindOf(context.DeadlineExceeded))
	fmt.Println(fluxo.KindOf(errors.New("disk full")))
	// Output:
	// invalid request
	// no result in time
	// internal error
}

// An error that was encoded in one process and decoded in another still is what
// it was.
func ExampleError_MarshalJSON() {
	local := &fluxo.Error{Op: "weather.Observe", Kind: fluxo.Timeout, Err: fmt.Errorf("after 2s: %w", context.DeadlineExceeded)}
	encoded, _ := json.Marshal(local)

	remote := new(fluxo.Error)
	if err := json.Unmarshal(encoded, remote); err != nil {
		fmt.Println(err)
	}
	fmt.Println(remote)
	fmt.Println(errors.Is(remote, fluxo.Timeout), errors.Is(remote, context.DeadlineExceeded))
	// Output:
	// weather.Observe: after 2s: context deadline exceeded
	// true true
}

func ExampleNewID() {
	first := fluxo.NewID(context.Background())
	parsed, err := fluxo.ParseID(first.String())
	fmt.Println(parsed == first, err, len(first.String()))
	fmt.Println(time.Since(first.Time()) < time.Minute)
	// Output:
	// true <nil> 36
	// true
}

func ExampleSecret() {
	login := struct {
		Name     string
		Password fluxo.Secret
	}{"ann", fluxo.NewSecret("hunter2")}
	fmt.Printf("%v\n%#v\n", login, login.Password)
	fmt.Println(login.Password.Reveal())
	// Output:
	// {ann [secret]}
	// [secret]
	// hunter2
}

func ExampleRender() {
	page := template.Must(template.New("page").Parse("<h1>{{.}}</h1>"))
	answer, err := fluxo.Render(page, "Wind & rain")
	fmt.Println(answer.HTML, err)
	// Output: <h1>Wind &amp; rain</h1> <nil>
}

// A Money has unexported fields: Fluxo is told how to compare and copy it.
type Money struct {
	cents int64
}

func (m Money) MarshalText() ([]byte, error) { return fmt.Append(nil, m.cents), nil }

func (m *Money) UnmarshalText(text []byte) error {
	_, err := fmt.Sscan(string(text), &m.cents)
	return err
}

var _ = fluxo.Codec(Money.MarshalText, func(b []byte) (m Money, err error) {
	err = m.UnmarshalText(b)
	return m, err
})

func ExampleCodec() {
	// Declared once, beside the type, as above.
}
