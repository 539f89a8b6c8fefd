package host

// A service's connections. net/http moves their deadlines seven times a request, mostly by seconds and to
// where nothing will ever run into them.

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// A conn is one of a limited number of connections.
type conn struct {
	net.Conn
	release     func()
	read, write deadline
}

func newConn(c net.Conn, release func()) *conn {
	return &conn{Conn: c, release: sync.OnceFunc(release), read: deadline{tell: c.SetReadDeadline}, write: deadline{tell: c.SetWriteDeadline}}
}

func (c *conn) Close() error {
	_ = c.SetDeadline(time.Time{}) // who reads on shall learn that it is closed
	err := c.Conn.Close()
	c.release()
	return err
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.read.set(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.write.set(t) }
func (c *conn) SetDeadline(t time.Time) error      { return errors.Join(c.read.set(t), c.write.set(t)) }

func (c *conn) Read(b []byte) (n int, err error) {
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
