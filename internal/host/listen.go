package host

// Where a service listens, and how many connections it takes.

import (
	"cmp"
	"context"
	"net"
	"sync"
	"sync/atomic"
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
// kernel's queue, which is bounded too. ready is asked first by each connection for the answer to a request.
func limit(ln net.Listener, n int, ready answerer) *limitedListener {
	return &limitedListener{Listener: ln, ready: ready, free: make(chan struct{}, n), closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	ready  answerer
	taken  atomic.Int64  // open connections that a handler has taken over (http.Hijacker)
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
	return newConn(c, l), nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// drainEvery is how often drain has idle connections closed.
const drainEvery = 50 * time.Millisecond

// drain waits until every connection is closed but those that handlers have taken over, and no request is in flight; false if ctx
// ends first. closeIdle closes those without a request, and reports whether no request is in flight. The listener must be closed.
func (l *limitedListener) drain(ctx context.Context, closeIdle func() (noRequests bool)) bool {
	again := time.NewTicker(drainEvery)
	defer again.Stop()
	noRequests := closeIdle()
	for open := cap(l.free); open > int(l.taken.Load()) || !noRequests; {
		free := l.free
		if open == 0 {
			free = nil
		}
		select {
		case free <- struct{}{}:
			open--
		case <-again.C:
			noRequests = closeIdle()
		case <-ctx.Done():
			return false
		}
	}
	return true
}
