package memo

// The store against two models: a map, which says what may be served, and
// S3-FIFO over slices, which says exactly what is.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A truth knows what was put last under every key.
type truth map[string]struct {
	value   int
	expires time.Time
}

// play runs ops drawn from next on a store and on the truth, and fails where a
// value is served that was not put last, or is past its time, or a bound or a
// sum of the counts does not hold.
func play(t *testing.T, maxBytes int64, next func(n int) int, ops int) {
	w := newWorld(maxBytes)
	regions := []*Region{w.NewRegion(), w.NewRegion()}
	last := []truth{{}, {}}
	for op := range ops {
		i := next(2)
		r, k := regions[i], string(key(next(200)))
		switch next(16) {
		case 0:
			w.time = w.time.Add(time.Duration(next(20)) * time.Second)
		case 1:
			r.Delete([]byte(k))
			delete(last[i], k)
		case 2:
			if next(50) == 0 {
				suffix := byte('0' + next(10))
				match := func(k string) bool { return k[len(k)-1] == suffix }
				r.DropIf(match)
				for k := range last[i] {
					if match(k) {
						delete(last[i], k)
					}
				}
			}
		case 3, 4, 5, 6:
			var expires time.Time
			if next(2) == 0 {
				expires = w.time.Add(time.Duration(next(60)) * time.Second)
			}
			cost := time.Duration(next(1000)) * time.Microsecond
			r.Put([]byte(k), op, int64(next(5000)), cost, expires)
			last[i][k] = struct {
				value   int
				expires time.Time
			}{op, expires}
		default:
			v, ok := r.Get([]byte(k))
			want, put := last[i][k]
			if ok && (!put || v != want.value || !want.expires.IsZero() && !w.time.Before(want.expires)) {
				t.Fatalf("op %d: Get(%s) = %v; put last: %+v (%v), now %v", op, k, v, want, put, w.time)
			}
		}
		check(t, w, maxBytes)
	}
}

func check(t *testing.T, w *world, maxBytes int64) {
	t.Helper()
	s := w.Stats()
	if w.Bytes() > maxBytes {
		t.Fatalf("%d bytes are kept; the budget is %d", w.Bytes(), maxBytes)
	}
	if int(s.Entries) != w.Len() || s.Bytes != w.Bytes() || s.Puts-s.Evicted-s.Expired-s.Dropped != s.Entries {
		t.Fatalf("the counts %+v do not add up to %d entries, %d bytes", s, w.Len(), w.Bytes())
	}
	for i := range w.shards {
		sh := &w.shards[i]
		if sh.small.n+sh.main.n != sh.table.n || len(sh.ghosts.at) > int(sh.ghosts.next-sh.ghosts.first) {
			t.Fatalf("queues hold %d and %d entries, the table %d", sh.small.n, sh.main.n, sh.table.n)
		}
	}
}

func TestServesOnlyWhatWasPutLast(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			play(t, []int64{20_000, 200_000, 16 << 20}[seed%3], rng.IntN, 5000)
		})
	}
}

func FuzzServesOnlyWhatWasPutLast(f *testing.F) {
	f.Add([]byte("put, get, delete, expire: any bytes will do"))
	f.Add([]byte{0, 1, 3, 1, 0, 9, 0, 1, 9, 0, 0, 0, 19, 0, 1, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		at := 0
		next := func(n int) int {
			b := 0
			for range 2 {
				if at < len(data) {
					b = b<<8 | int(data[at])
					at++
				}
			}
			return b % n
		}
		play(t, 20_000, next, min(len(data), 1000))
	})
}

// An s3fifo is the policy for entries of one size and cost, as simple as it can
// be written: keys in slices, oldest first.
type s3fifo struct {
	capacity           int
	small, main, ghost []int
	uses               map[int]int // of the keys kept
}

func (p *s3fifo) access(k int) (hit bool) {
	if n, ok := p.uses[k]; ok {
		p.uses[k] = min(n+1, maxUses)
		return true
	}
	p.uses[k] = 0
	if i := slices.Index(p.ghost, k); i >= 0 {
		p.ghost[i] = -1 // its place is taken until it would have been forgotten
		p.main = append(p.main, k)
	} else {
		p.small = append(p.small, k)
	}
	for len(p.small)+len(p.main) > p.capacity {
		if len(p.small) > p.capacity/smallShare || len(p.main) == 0 {
			p.judgeSmall()
		} else {
			p.judgeMain()
		}
	}
	return false
}

func (p *s3fifo) judgeSmall() {
	k := p.small[0]
	p.small = p.small[1:]
	if p.uses[k] > 0 {
		p.uses[k] = 0
		p.main = append(p.main, k)
		return
	}
	delete(p.uses, k)
	p.ghost = append(p.ghost, k)
	p.ghost = p.ghost[max(0, len(p.ghost)-len(p.uses)*5/4):]
}

func (p *s3fifo) judgeMain() {
	k := p.main[0]
	p.main = p.main[1:]
	if p.uses[k] > 0 {
		p.uses[k]--
		p.main = append(p.main, k)
		return
	}
	delete(p.uses, k)
}

func TestLikeEntriesFollowS3FIFO(t *testing.T) {
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(seed, 1))
		capacity := 10 * (1 + rng.IntN(30))
		zipf := rand.NewZipf(rng, 1.01+rng.Float64()/2, 1, uint64(5*capacity))
		model := s3fifo{capacity: capacity, uses: map[int]int{}}
		w := newWorld(int64(capacity) * (shortKey + overhead))
		r := w.NewRegion()
		for op := range 20_000 {
			k := int(zipf.Uint64())
			b := fmt.Appendf(nil, "%08d", k)
			_, hit := r.Get(b)
			if !hit {
				r.Put(b, k, 0, time.Millisecond, time.Time{})
			}
			if want := model.access(k); hit != want {
				t.Fatalf("seed %d, capacity %d, op %d: key %d hit %v; S3-FIFO says %v", seed, capacity, op, k, hit, want)
			}
		}
	}
}
