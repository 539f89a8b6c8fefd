package store

// The stores that are compared, behind one face: of each, as many entries of
// equal size and cost as asked for.

import (
	"strconv"
	"time"

	"github.com/Code-Hex/go-generics-cache/policy/lfu"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/maypok86/otter/v2"

	"fluxo.dev/fluxo/internal/memo"
)

// A policy is a store as a replay sees it: access says whether key was a hit,
// and puts it if not.
type policy struct {
	name   string
	make   func(entries int) (access func(key int32) bool)
	random bool // two replays differ
}

var (
	ours = policy{name: "memo", make: newMemo}
	// The opponents. Otter's maintenance runs on the calling goroutine: without
	// that it would fall behind a replay, which no server does.
	opponents = []policy{
		{name: "otter", make: newOtter, random: true},
		{name: "lru", make: newLRU},
		{name: "lfu", make: newLFU},
	}
)

// entrySize is what memo counts for an entry with a key of at most 32 bytes, its
// value aside.
const entrySize = 192

// noTime is the clock of replays, in which nothing expires.
func noTime() time.Duration { return 0 }

func newMemo(entries int) func(int32) bool {
	s := memo.New(int64(entries)*entrySize, time.Time{}, noTime)
	r := s.NewRegion()
	b := make([]byte, 0, 8)
	return func(key int32) bool {
		b = strconv.AppendInt(b[:0], int64(key)+100_000, 10)
		if _, ok := r.Get(b); ok {
			return true
		}
		r.Put(b, nil, 0, time.Millisecond, time.Time{})
		return false
	}
}

func newOtter(entries int) func(int32) bool {
	c := otter.Must(&otter.Options[int32, struct{}]{MaximumSize: entries, Executor: func(f func()) { f() }})
	return func(key int32) bool {
		if _, ok := c.GetIfPresent(key); ok {
			return true
		}
		c.Set(key, struct{}{})
		c.CleanUp()
		return false
	}
}

func newLRU(entries int) func(int32) bool {
	c, err := simplelru.NewLRU[int32, struct{}](entries, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return func(key int32) bool {
		if _, ok := c.Get(key); ok {
			return true
		}
		c.Add(key, struct{}{})
		return false
	}
}

func newLFU(entries int) func(int32) bool {
	c := lfu.NewCache[int32, struct{}](lfu.WithCapacity(entries))
	return func(key int32) bool {
		if _, ok := c.Get(key); ok {
			return true
		}
		c.Set(key, struct{}{})
		return false
	}
}
