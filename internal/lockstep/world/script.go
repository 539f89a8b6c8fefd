package world

// The script of a world: what is true when, as a function of a seed.

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// All is the key that stands for every key of a name. No program has it.
const All = -1 << 20

// A Source is something that can be asked: a volatile source, or named data.
type Source struct {
	Name string
	K    int
	Data bool
}

// outcome is how a step ends.
type outcome struct {
	val    Rec
	err    error
	panics string
	goexit bool
}

// rec ends the step as the outcome says.
func (o outcome) rec() (Rec, error) {
	switch {
	case o.goexit:
		runtime.Goexit()
	case o.panics == ErrAbort.Error():
		panic(ErrAbort)
	case o.panics != "":
		panic(o.panics)
	}
	v := o.val
	v.L = append([]string(nil), v.L...)
	return v, o.err
}

// hash mixes numbers and strings into one number.
func hash(seed uint64, text string, numbers ...int) uint64 {
	x := seed ^ 0x9e3779b97f4a7c15
	mix := func(n uint64) {
		x = (x ^ n) * 0xff51afd7ed558ccd
		x ^= x >> 32
	}
	for i := range len(text) {
		mix(uint64(text[i]))
	}
	for _, n := range numbers {
		mix(uint64(n))
	}
	return x ^ x>>29
}

// A Script says what happens in one run. Trouble is the share of moments, in
// percent, at which a source fails or panics.
type Script struct {
	Seed    uint64
	Trouble int
}

// hints is the named data that nobody answers for: it changes though no step of the
// program writes it.
const hints = "hints"

// restless reports whether src changes often: the less an answer lasts, the sooner it
// shows that one was kept.
func restless(src Source) bool {
	switch src.Name {
	case "V0", "VB", "Peek", hints:
		return true
	}
	return false
}

// odd is a number below 100 for what a pure function is asked.
func (s Script) odd(key string) int {
	if s.Trouble == 0 {
		return 99
	}
	return int(hash(s.Seed, key) % 100)
}

// epoch returns the number of the epoch of src at t and its end. Within an
// epoch a source's answer does not change by itself.
func (s Script) epoch(src Source, t time.Duration) (int, time.Duration) {
	h := hash(s.Seed, "period"+src.Name, src.K)
	period := []time.Duration{3, 8, 21}[h%3] * time.Second
	if restless(src) {
		period /= 4
	}
	offset := time.Duration(h>>8%uint64(period/time.Millisecond)) * time.Millisecond
	shifted := t + offset + 10*period // the past before the run counts too
	n := int(shifted / period)
	return n, time.Duration(n+1)*period - offset - 10*period
}

// answer is what src says in epoch n. version counts the changes of named
// data, or of the outside world for V0.
func (s Script) answer(src Source, n int, version string) outcome {
	h := hash(s.Seed, "answer"+src.Name, src.K, n)
	if int(h%100) < s.Trouble {
		switch h >> 10 % 16 {
		case 0:
			return outcome{panics: fmt.Sprint("broken ", src.Name, src.K)}
		case 1:
			return outcome{panics: ErrAbort.Error()}
		case 2, 3:
			return outcome{goexit: true}
		case 4, 5, 6, 7, 8, 9:
			return outcome{err: ErrNotFound}
		default:
			return outcome{err: ErrDown}
		}
	}
	text := fmt.Sprint(src.Name, "(", src.K, ")", version)
	if !src.Data || src.Name == hints {
		text += fmt.Sprint("@", n)
	}
	return outcome{val: Rec{K: int(hash(s.Seed, text) >> 20 % 4), S: text, L: []string{text, "b", "a"}}}
}

// longestCall bounds how long a call of a step takes: what it met is that long known before it
// shows.
const longestCall = 9 * time.Second

// lasts is how long call number i of a step takes.
func (s Script) lasts(name string, k, i int) time.Duration {
	h := hash(s.Seed, "lasts"+name, k, i)
	switch h % 8 {
	case 0:
		return 0
	case 1:
		return time.Duration(h>>8%uint64(longestCall/time.Millisecond)) * time.Millisecond
	}
	return time.Duration(h>>8%1500) * time.Millisecond
}

// cancelled is the outcome of a step that noticed that its context is done.
func cancelled(ctx context.Context) outcome { return outcome{err: ctx.Err()} }
