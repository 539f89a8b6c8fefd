package host

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A connection that is told of its deadlines late does what it would do if it were told at once.
func TestLateDeadlines(t *testing.T) {
	for seed := range uint64(200) {
		plain := livedThrough(t, seed, func(c net.Conn) net.Conn { return c })
		late := livedThrough(t, seed, func(c net.Conn) net.Conn {
			l := limit(nil, 1, never)
			l.free <- struct{}{}
			return newConn(c, l)
		})
		if !slices.Equal(plain, late) {
			t.Fatalf("seed %d: a connection alone\n%q\nand one that is told late\n%q", seed, plain, late)
		}
	}
}

// livedThrough moves deadlines of a connection at random while it is read and written, and tells what became of that.
func livedThrough(t *testing.T, seed uint64, wrap func(net.Conn) net.Conn) (log []string) {
	const (
		steps = 60
		pause = 20 * time.Millisecond
	)
	synctest.Test(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(seed, 1))
		inner, peer := net.Pipe()
		c := wrap(inner)
		began := time.Now()
		var mu sync.Mutex
		var all sync.WaitGroup
		lives := func(what string, do func() (int, error)) {
			all.Go(func() {
				for {
					n, err := do()
					if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
						return // closed
					}
					mu.Lock()
					log = append(log, fmt.Sprint(what, " ", time.Since(began), " ", n, " ", err != nil))
					mu.Unlock()
					time.Sleep(pause) // of simulated time, as all here
				}
			})
		}
		lives("read", func() (int, error) { return c.Read(make([]byte, 8)) })
		lives("written", func() (int, error) { return c.Write(make([]byte, 8)) })
		for range steps {
			time.Sleep(time.Duration(rng.Int64N(int64(3 * pause))))
			at := time.Now().Add(time.Duration(rng.Int64N(int64(5 * pause))))
			switch rng.IntN(4) {
			case 0:
				at = time.Time{}
			case 1:
				at = time.Unix(1, 0)
			}
			switch rng.IntN(5) {
			case 0:
				c.SetReadDeadline(at)
			case 1:
				c.SetWriteDeadline(at)
			case 2:
				c.SetDeadline(at)
			case 3:
				peer.SetDeadline(time.Now().Add(time.Millisecond))
				peer.Write([]byte("abc"))
			case 4:
				peer.SetDeadline(time.Now().Add(time.Millisecond))
				peer.Read(make([]byte, 5))
			}
		}
		synctest.Wait() // what ends at this moment ends by its deadline
		c.Close()
		peer.Close()
		all.Wait()
	})
	slices.Sort(log) // of what happens at one moment either may be first
	return log
}

// A countingListener counts how often its connections are told of a deadline.
type countingListener struct {
	net.Listener
	reads, writes atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &countingConn{c, l}, err
}

type countingConn struct {
	net.Conn
	of *countingListener
}

func (c *countingConn) SetReadDeadline(t time.Time) error {
	c.of.reads.Add(1)
	return c.Conn.SetReadDeadline(t)
}

func (c *countingConn) SetWriteDeadline(t time.Time) error {
	c.of.writes.Add(1)
	return c.Conn.SetWriteDeadline(t)
}

// Requests that follow each other move no deadline of their connection, but to end a read that waits for the client to leave.
func TestRequestsMoveNoDeadlines(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	counting := &countingListener{Listener: ln}
	s := startOn(t, counting, DefaultLimits(), get("/", func(*Request) (any, error) { return 1, nil }))
	const requests = 500
	for range requests {
		if resp, body := s.do("GET", "/", ""); resp.StatusCode != 200 {
			t.Fatal(resp.Status, body)
		}
	}
	if reads, writes := counting.reads.Load(), counting.writes.Load(); writes > 2 || reads > 2*requests+2 {
		t.Errorf("%d requests on one connection told it of %d deadlines of reads and %d of writes", requests, reads, writes)
	}
}

// never leaves every request to net/http.
func never(*conn, []byte) (bool, error) { return false, nil }
