package host

// A service's connections, of which there are so many at most. They answer by themselves what is ready, and are told of
// deadlines late: net/http moves those seven times a request, mostly by seconds and to where nothing will ever run into them.

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A conn is one of a limited number of connections.
type conn struct {
	net.Conn
	of          *limitedListener
	closed      sync.Once
	hijacked    bool
	read, write deadline
	life        atomic.Int32

	between bool // no byte of a request has been read that is not over, as far as is known
	room    int  // that net/http offers for the next request if it has nothing of it yet
	last    lastHead
}

// An answerer answers a request that came alone and in one piece; false if net/http has to.
type answerer func(c *conn, request []byte) (answered bool, err error)

// connKey is where the context of a request has its connection.
type connKey struct{}

// The life of a connection.
const (
	waiting   = iota // nobody but net/http has anything to do with it
	answering        // it answers by itself
	ending           // likewise, and closes after
	gone             // closed
)

func newConn(c net.Conn, of *limitedListener) *conn {
	return &conn{Conn: c, of: of, between: true, read: deadline{tell: c.SetReadDeadline}, write: deadline{tell: c.SetWriteDeadline}}
}

// head notes that net/http has read the header of a request.
func (c *conn) head() {
	c.between = false
	c.last.requests++
}

// taken notes that a handler has taken c over.
func (c *conn) taken() {
	c.hijacked = true
	c.of.taken.Add(1)
}

// Close closes the connection, after the answer that it is giving by itself: net/http takes it for an idle one.
func (c *conn) Close() error {
	for !c.life.CompareAndSwap(waiting, gone) && c.life.Load() != gone {
		if c.life.CompareAndSwap(answering, ending) {
			return nil
		}
	}
	_ = c.SetDeadline(time.Time{}) // who reads on shall learn that it is closed
	err := c.Conn.Close()
	c.closed.Do(func() {
		if c.hijacked {
			c.of.taken.Add(-1)
		}
		<-c.of.free
	})
	return err
}

// Read reads what net/http has to see: between its requests those that can be answered without it are.
func (c *conn) Read(b []byte) (n int, err error) {
	if c.room == 0 {
		c.room = len(b) // nothing is there of the first request
	}
	if !c.between || len(b) != c.room { // or it looks whether the client is still there
		return c.receive(b)
	}
	for {
		n, err := c.receive(b)
		if n == 0 {
			return n, err
		}
		if err == nil {
			answered, err := c.answer(b[:n])
			if err != nil {
				return 0, err
			}
			if answered {
				continue
			}
		}
		c.between = false
		c.last.note(b[:n])
		return n, err
	}
}

// answer answers a request if it can.
func (c *conn) answer(request []byte) (answered bool, err error) {
	if !c.life.CompareAndSwap(waiting, answering) {
		return false, net.ErrClosed
	}
	defer func() {
		if !c.life.CompareAndSwap(answering, waiting) {
			c.life.Store(waiting)
			err = errors.Join(err, c.Close(), net.ErrClosed)
		}
	}()
	return c.of.ready(c, request)
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.read.set(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.write.set(t) }
func (c *conn) SetDeadline(t time.Time) error      { return errors.Join(c.read.set(t), c.write.set(t)) }

func (c *conn) receive(b []byte) (n int, err error) {
	for again := true; again && n == 0; {
		if err := c.read.begin(); err != nil {
			return 0, err
		}
		n, err = c.Conn.Read(b)
		again = c.read.end(err)
	}
	return n, err
}

func (c *conn) Write(b []byte) (n int, err error) {
	for again := true; again; {
		if err := c.write.begin(); err != nil {
			return n, err
		}
		var more int
		more, err = c.Conn.Write(b[n:])
		n, again = n+more, c.write.end(err)
	}
	return n, err
}

// A deadline of a connection that the connection itself is told of only if it would wait too long otherwise. What runs
// into an earlier one, which it was told before, begins again.
type deadline struct {
	tell func(time.Time) error

	mu    sync.Mutex
	at    time.Time // zero for none
	told  time.Time // likewise
	past  bool      // at was over when it was set, and nothing was under way that had to be told
	under int       // reads or writes under way
}

func (d *deadline) set(at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.past = at, false
	switch {
	case at.IsZero(), !d.told.IsZero() && !at.Before(d.told):
		return nil
	case d.under == 0 && time.Until(at) <= 0:
		d.past = true
		return nil
	}
	d.told = at
	return d.tell(at)
}

// begin begins a read or a write.
func (d *deadline) begin() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.past {
		return os.ErrDeadlineExceeded
	}
	d.under++
	return nil
}

// end ends one that err came of, and reports whether it has to begin again.
func (d *deadline) end(err error) (again bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.under--
	if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) || !d.at.IsZero() && time.Until(d.at) <= 0 {
		return false
	}
	d.told = d.at
	return d.tell(d.at) == nil
}
