package rt

import (
	"runtime"
	"testing"
	"time"
)

// do runs something on p to its end.
func (p *pool) do() {
	done := make(chan struct{})
	p.begin(func() { close(done) })
	<-done
}

// end ends the worker that lingers.
func (p *pool) end() { p.begin(runtime.Goexit) }

// lingers waits until a worker lingers on p, and returns it.
func (p *pool) lingers(t *testing.T) *worker {
	t.Helper()
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		if w := p.free.Load(); w != nil {
			return w
		}
	}
	t.Fatal("no worker lingers")
	return nil
}

func TestWorkersThatLingerAreUsedAgain(t *testing.T) {
	p := &pool{lingering: time.Hour}
	t.Cleanup(p.end)
	p.do()
	first := p.lingers(t)
	for range 1000 {
		p.do()
		if w := p.lingers(t); w != first {
			t.Fatal("another worker was begun, though one was awake")
		}
	}
}

// Every function runs once, whoever runs it, and a worker that ends by Goexit ends alone.
func TestWorkersAtOnce(t *testing.T) {
	p := &pool{lingering: 5 * time.Microsecond}
	const callers, each = 8, 2000
	ran := make(chan int, callers*each)
	for c := range callers {
		go func() {
			for i := range each {
				done := make(chan struct{})
				p.begin(func() {
					defer close(done)
					ran <- c*each + i
					if i%7 == 0 {
						runtime.Goexit()
					}
				})
				<-done
			}
		}()
	}
	seen := make([]bool, callers*each)
	for range seen {
		k := <-ran
		if seen[k] {
			t.Fatalf("%d ran twice", k)
		}
		seen[k] = true
	}
}

// Where nobody comes, workers linger less and less often, and always again once that pays.
func TestWorkersStopLingering(t *testing.T) {
	p := &pool{}
	for range 4096 {
		(&worker{pool: p}).linger()
	}
	paid := 0
	for range 64 * 100 {
		if p.pays() {
			paid++
		}
	}
	if paid != 100 {
		t.Errorf("of 6400 workers that nobody came to %d linger, want one in 64", paid)
	}
	p.lingering = time.Hour
	t.Cleanup(p.end)
	for p.free.Load() == nil {
		p.do()
	}
	p.do()
	for range 100 {
		if !p.pays() {
			t.Fatal("a worker does not linger, though the last one was used")
		}
	}
}
