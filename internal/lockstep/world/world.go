// Package world is the world in which generated programs live: the steps of a
// generated program ask it for answers, and it keeps the history from which a
// run is judged.
//
// It has two lives. In a live run a step takes virtual time and answers what is
// true at that moment. In a replay the flow runs as written, without time, and
// a step answers one of the things that some reference run could have seen
// given the history of the live run; the judge goes through all of them.
package world

import (
	"context"
	"errors"
	"fmt"
)

// A Rec is what most steps return: data with a slice in it, so that sharing
// shows.
type Rec struct {
	K int
	S string
	L []string
}

// A Flow is a generated flow.
type Flow func(ctx context.Context, w *Writer, k int, s string, ks []int) (Rec, error)

// The errors of steps. Each is one value, so that errors.Is works across the
// histories of two processes.
var (
	ErrNotFound error = NotFound{}
	ErrDown           = errors.New("down")

	// ErrAbort is a value to panic with: whoever recovers compares it.
	ErrAbort = errors.New("abort")
)

// NotFound has the kind that VN's directive names.
type NotFound struct{}

func (NotFound) Error() string { return "not found" }
func (NotFound) Kind() string  { return "NotFound" }

// A backend answers the steps of one run.
type backend interface {
	ask(ctx context.Context, src Source) outcome
	askInTime(ctx context.Context, src Source) outcome
	act(ctx context.Context, a Act) outcome
	observe(text string)
	slow()
	failed()            // a pure function fails
	odd(key string) int // a number from 0 to 99 for what a pure function is asked; fails below trouble
	id() [16]byte       // a new one every time
}

// UserKey is the context key of the signed-in user, which Hidden reads.
type UserKey struct{}

var present backend

// Ask asks a volatile source.
func Ask(ctx context.Context, name string, k int) (Rec, error) {
	return present.ask(ctx, Source{Name: name, K: k}).rec()
}

// AskForUser asks a volatile source that answers each user differently.
func AskForUser(ctx context.Context, name string, k int) (Rec, error) {
	user, _ := ctx.Value(UserKey{}).(int)
	return present.ask(ctx, Source{Name: fmt.Sprint(name, "/", user), K: k}).rec()
}

// AskAtBest asks a volatile source, and has something to say if that is cut short.
func AskAtBest(ctx context.Context, name string, k int) (Rec, error) {
	r, err := present.ask(ctx, Source{Name: name, K: k}).rec()
	if err == context.Canceled || err == context.DeadlineExceeded {
		return Rec{S: "in part"}, nil
	}
	return r, err
}

// AskInTime asks a volatile source if ctx leaves it the time.
func AskInTime(ctx context.Context, name string, k int) (Rec, error) {
	return present.askInTime(ctx, Source{Name: name, K: k}).rec()
}

// Read reads named data.
func Read(ctx context.Context, name string, k int) (Rec, error) {
	return present.ask(ctx, Source{Name: name, K: k, Data: true}).rec()
}

// ReadAll reads all the data of one name.
func ReadAll(ctx context.Context, name string) (Rec, error) {
	return present.ask(ctx, Source{Name: name, K: All, Data: true}).rec()
}

// Write changes named data.
func Write(ctx context.Context, name string, k int, s string) error {
	_, err := present.act(ctx, Act{Op: "write", Name: name, K: k, S: s}).rec()
	return err
}

// WriteAll changes all the data of one name.
func WriteAll(ctx context.Context, name, s string) error {
	_, err := present.act(ctx, Act{Op: "write", Name: name, K: All, S: s}).rec()
	return err
}

// DoAct has an effect on the outside world.
func DoAct(ctx context.Context, name string, k int) (int, error) {
	r, err := present.act(ctx, Act{Op: "effect", Name: name, K: k}).rec()
	return r.K, err
}

// Opaque does who knows what; the world counts it as an effect that others see.
func Opaque(ctx context.Context, name string, k int) (Rec, error) {
	return present.act(ctx, Act{Op: "opaque", Name: name, K: k}).rec()
}

// Observe logs.
func Observe(k int, s string) { present.observe(fmt.Sprint(k, " ", s)) }
