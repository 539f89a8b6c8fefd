package host

// Where a service listens, and how many connections it takes.

import (
	"cmp"
	"context"
	"net"
	"sync"
	"time"
)

// Address returns where to listen: the flag's word, else the environment's ADDR,
// else every interface at PORT, else this machine only at 8080.
func Address(flag string, getenv func(string) string) string {
	if port := getenv("PORT"); port != "" {
		return cmp.Or(flag, getenv("ADDR"), ":"+port)
	}
	return cmp.Or(flag, getenv("ADDR"), "localhost:8080")
}

// limit returns ln with at most n connections open at a time. Further ones wait in the
// kernel's queue, which is bounded too.
func limit(ln net.Listener, n int) *limitedListener {
	return &limitedListener{Listener: ln, free: make(chan struct{}, n), closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	free   chan struct{} // one element for each open connection
	once   sync.Once
	closed chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.free <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return newConn(c, func() { <-l.free }), nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// drainEvery is how often drain has idle connections closed.
const drainEvery = 50 * time.Millisecond

// drain waits until every connection is closed, false if ctx ends first. closeIdle closes those
// without a request. The listener must be closed.
func (l *limitedListener) drain(ctx context.Context, closeIdle func()) bool {
	closeIdle()
	again := time.NewTicker(drainEvery)
	defer again.Stop()
	for open := cap(l.free); open > 0; {
		select {
		case l.free <- struct{}{}:
			open--
		case <-again.C:
			closeIdle()
		case <-ctx.Done():
			return false
		}
	}
	return true
}
