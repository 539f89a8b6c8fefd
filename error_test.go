package fluxo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
)

var allKinds = []Kind{Internal, Invalid, Unauthenticated, Denied, NotFound, Conflict, TooMany, Canceled, Unavailable, Timeout}

func TestEveryKindHasAText(t *testing.T) {
	if len(allKinds) != len(kindTexts) {
		t.Errorf("%d kinds are tested, %d have a text", len(allKinds), len(kindTexts))
	}
	for _, k := range allKinds {
		if k.known() != k {
			t.Errorf("%s has no text", string(k))
		}
	}
}

func TestKindOf(t *testing.T) {
	var timeout net.Error = &net.DNSError{IsTimeout: true}
	for _, test := range []struct {
		err  error
		want Kind
	}{
		{nil, ""},
		{NotFound, NotFound},
		{NotFound.Errorf("x"), NotFound},
		{fmt.Errorf("a: %w", Conflict.Errorf("b")), Conflict},
		{errors.Join(errors.New("a"), Denied), Denied},
		{Unavailable.Errorf("provider: %w", NotFound), Unavailable},
		{Unavailable.Errorf("provider: %w", context.DeadlineExceeded), Unavailable},
		{fmt.Errorf("a: %w", context.Canceled), Canceled},
		{context.DeadlineExceeded, Timeout},
		{timeout, Timeout},
		{errors.New("x"), Internal},
		{&Error{Err: NotFound}, Internal},
		{&Error{Kind: "Nonsense"}, Internal},
		{Kind("Nonsense"), Internal},
	} {
		if got := KindOf(test.err); got != test.want {
			t.Errorf("KindOf(%v) = %q, want %q", test.err, string(got), string(test.want))
		}
	}
}

func TestErrorText(t *testing.T) {
	for want, err := range map[string]error{
		"weather.Locate: no such ZIP code": &Error{Op: "weather.Locate", Kind: NotFound, Err: errors.New("no such ZIP code")},
		"weather.Locate: not found":        &Error{Op: "weather.Locate", Flow: "weather.Weather", Kind: NotFound},
		"internal error":                   &Error{},
		"a b":                              Invalid.Errorf("a %s", "b"),
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// randomError builds a tree of wrapped errors, as services do.
func randomError(rng *rand.Rand, depth int) error {
	leaves := []error{NotFound, Timeout, context.Canceled, context.DeadlineExceeded, io.EOF, fs.ErrNotExist, errors.New("plain \"text\" \u2603")}
	if depth == 0 {
		return leaves[rng.IntN(len(leaves))]
	}
	switch rng.IntN(5) {
	case 0:
		return fmt.Errorf("wrapped: %w", randomError(rng, depth-1))
	case 1:
		return errors.Join(randomError(rng, depth-1), randomError(rng, depth-1))
	case 2:
		return &Error{Op: "op", Flow: "flow", Kind: allKinds[rng.IntN(len(allKinds))], Err: randomError(rng, depth-1)}
	case 3:
		return &Error{Kind: allKinds[rng.IntN(len(allKinds))]}
	default:
		return randomError(rng, depth-1)
	}
}

// TestErrorSurvivesEncoding holds a decoded error against the one that was encoded.
func TestErrorSurvivesEncoding(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		before := &Error{Op: "op", Kind: allKinds[rng.IntN(len(allKinds))], Err: randomError(rng, 6)}
		encoded, err := json.Marshal(before)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		after := new(Error)
		if err := json.Unmarshal(encoded, after); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if after.Error() != before.Error() || KindOf(after) != KindOf(before) || after.Op != before.Op || after.Flow != before.Flow {
			t.Fatalf("seed %d: %+v came back as %+v", seed, before, after)
		}
		for _, target := range []error{NotFound, Invalid, Conflict, Denied, Timeout, Internal, Unavailable,
			context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, fs.ErrNotExist} {
			if errors.Is(after, target) != errors.Is(before, target) {
				t.Fatalf("seed %d: errors.Is(%v) was %v, is %v\n%s", seed, target, errors.Is(before, target), errors.Is(after, target), encoded)
			}
		}
		if again, _ := json.Marshal(after); !bytes.Equal(again, encoded) {
			t.Fatalf("seed %d: encoded again\n%s\nis not\n%s", seed, again, encoded)
		}
	}
}

func TestDeepErrorIsCut(t *testing.T) {
	var err error = NotFound
	for range 10_000 {
		err = fmt.Errorf("x%w", err)
	}
	encoded, e := json.Marshal(&Error{Kind: Invalid, Err: err})
	if e != nil {
		t.Fatal(e)
	}
	if limit := (maxWireDepth + 2) * 10_100; len(encoded) > limit {
		t.Errorf("encoded to %d bytes, at most %d expected", len(encoded), limit)
	}
	decoded := new(Error)
	if e := json.Unmarshal(encoded, decoded); e != nil {
		t.Fatal(e)
	}
	if decoded.Error() != err.Error() || decoded.Kind != Invalid {
		t.Errorf("the text or the kind was lost")
	}
}

func FuzzErrorDecode(f *testing.F) {
	f.Add([]byte(`{"kind":"NotFound","wraps":[{"known":"io.EOF"}]}`))
	f.Add([]byte(`{"wraps":[null]}`))
	f.Add([]byte(strings.Repeat(`{"kind":"Invalid","wraps":[`, 50)))
	f.Fuzz(func(t *testing.T, data []byte) {
		e := new(Error)
		if json.Unmarshal(data, e) == nil {
			_ = e.Error()
			if KindOf(e).known() != KindOf(e) {
				t.Errorf("%s decodes to an unknown kind", data)
			}
		}
	})
}
