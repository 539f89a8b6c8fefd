package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

const keptRead = `stored kept {
step A s.A (ctx arg) -> (a err) err=err {reads posts:{arg}}
}
result return (a) -> (out.0 out.1) exit=return`

// TestNoStaleAnswer is a model of named data: cells under paths, written and read
// at random. What an answer says of a cell is its version; no answer may be older
// than a write that had returned, or an answer that was given, when the question was
// asked.
func TestNoStaleAnswer(t *testing.T) {
	for seed := range uint64(40) {
		cells := map[string]*cell{}
		for _, key := range []string{"x", "y", "z"} {
			cells[key] = &cell{}
		}
		hits := 0
		steps := map[string]stepFunc{"A": func(ctx context.Context, key string) (string, error) {
			k := kitOf(ctx)
			k.nap(ctx, time.Duration(k.Random()%20)*time.Millisecond)
			v := cells[key].version
			k.nap(ctx, time.Duration(k.Random()%20)*time.Millisecond)
			return fmt.Sprint(v), nil
		}}
		oneSeed(t, seed, steps, func(k *kit) {
			body := keptRead
			if seed%2 == 1 {
				body = strings.Replace(body, "step A", "shared s {\nstep A", 1)
				body = strings.Replace(body, "}\nresult", "}\n}\nresult", 1)
			}
			p := k.plan("Flow", body)
			var waits []func()
			for range 4 {
				waits = append(waits, k.task(func() { k.writeAtRandom(cells, 20) }))
				waits = append(waits, k.task(func() { hits += k.readAtRandom(p, cells, 200) }))
			}
			for _, wait := range waits {
				wait()
			}
		})
		if hits == 0 {
			t.Errorf("seed %d: no hit", seed)
		}
	}
}

// A cell is named data: its version grows with each write; known is the one that
// somebody outside has heard of.
type cell struct{ version, known int }

func (k *kit) task(f func()) (wait func()) {
	over := k.NewGate()
	k.Go(func() { defer over.Open(); f() })
	return func() { over.Wait(nil) }
}

func (k *kit) writeAtRandom(cells map[string]*cell, n int) {
	for range n {
		k.nap(background, time.Duration(k.Random()%300)*time.Millisecond)
		key := string("xyz"[k.Random()%3])
		k.write("posts", key, func() {
			k.nap(background, time.Duration(k.Random()%5)*time.Millisecond)
			c := cells[key]
			c.version++
			v := c.version
			k.nap(background, time.Duration(k.Random()%40)*time.Millisecond)
			defer func() { c.known = max(c.known, v) }()
		})
	}
}

func (k *kit) readAtRandom(p *engine.Plan, cells map[string]*cell, n int) (hits int) {
	for range n {
		k.nap(background, time.Duration(k.Random()%10)*time.Millisecond)
		key := string("xyz"[k.Random()%3])
		least, calls := cells[key].known, k.calls["s.A"]
		out, err := k.run(p, background, key)
		var v int
		fmt.Sscan(out, &v)
		if err != nil || v < least {
			k.t.Errorf("%s is at version %d, the answer says %s, %v", key, least, out, err)
		}
		cells[key].known = max(cells[key].known, v)
		if k.calls["s.A"] == calls {
			hits++
		}
	}
	return hits
}

// TestPrefixesMatch writes one key and looks which kept results are gone.
func TestPrefixesMatch(t *testing.T) {
	part := func(parts ...string) (k engine.DataKey) {
		k.Name = "posts"
		for _, p := range parts {
			if p == "?" {
				k.Parts = append(k.Parts, nil)
			} else {
				k.Parts = append(k.Parts, []byte(p))
			}
		}
		return k
	}
	for _, c := range []struct {
		read, write engine.DataKey
		match       bool
	}{
		{part("de", "1"), part("de", "1"), true},
		{part("de", "1"), part("de", "2"), false},
		{part("de", "1"), part("de"), true},
		{part("de"), part("de", "1"), true},
		{part(), part("de", "1"), true},
		{part("de", "1"), part(), true},
		{part("de", "1"), part("?", "1"), true},
		{part("?", "1"), part("fr", "1"), true},
		{part("de", "?"), part("de", "1"), true},
		{part("de", "?"), part("fr", "1"), false},
		{part("de", "1"), engine.DataKey{Name: "likes"}, false},
		{part("d", "e1"), part("de", "1"), false},
		{part(""), part("de"), false},
		{part(""), part(""), true},
	} {
		got := true
		for range 3 { // keys that differ may fall on one stripe of one table, hardly of each
			got = got && engine.StampChanges(c.read, c.write)
		}
		if got != c.match {
			t.Errorf("read %q, write %q: changed is %v, want %v", c.read, c.write, got, c.match)
		}
	}
}

// TestStampsUnderRealConcurrency has readers and writers on real goroutines: run
// under the race detector, and no reader may keep what a finished write changed.
func TestStampsUnderRealConcurrency(t *testing.T) {
	s := engine.NewStamps()
	key := engine.DataKey{Name: "posts", Parts: [][]byte{{1}}}
	var value, acknowledged atomic.Int64
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 2000 {
				w := s.Begin(key)
				v := value.Add(1)
				w.End()
				for {
					a := acknowledged.Load()
					if a >= v || acknowledged.CompareAndSwap(a, v) {
						break
					}
				}
			}
		})
		all.Go(func() {
			for range 2000 {
				unchanged := s.Read(key)
				v := value.Load()
				for range rand.IntN(10) {
					least := acknowledged.Load()
					if unchanged() && v < least {
						t.Errorf("%d is served after %d was acknowledged", v, least)
						return
					}
				}
			}
		})
	}
	all.Wait()
}
