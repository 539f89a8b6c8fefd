// Package load asks services over HTTP, at as little cost as it can, since it shares the
// processors with them.
package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// perRequest bounds how long an answer may take.
const perRequest = 30 * time.Second

// A Client is one kept connection. Its methods must not be called at the same time.
type Client struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
}

// Dial connects to a service at host:port.
func Dial(addr string) (*Client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn, in: bufio.NewReader(conn)}, nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Get sends a request and returns the status and the body of its answer, which is valid until the next.
func (c *Client) Get(path string) (status int, body []byte, err error) {
	c.out = append(c.out[:0], "GET "...)
	c.out = append(c.out, path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n"...)
	c.conn.SetDeadline(time.Now().Add(perRequest))
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, err
	}
	length := -1
	for status = 0; ; {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case status == 0:
			if status, err = statusOf(line); err != nil {
				return 0, nil, fmt.Errorf("%s: %w", path, err)
			}
			continue
		case len(line) == 0 && length < 0:
			return 0, nil, fmt.Errorf("the answer to %s does not say how long it is", path)
		case len(line) == 0:
			c.body = append(c.body[:0], make([]byte, length)...)
			_, err := io.ReadFull(c.in, c.body)
			return status, c.body, err
		}
		if name, value, ok := bytes.Cut(line, []byte(": ")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil || length < 0 {
				return 0, nil, fmt.Errorf("%s is %s bytes long", path, value)
			}
		}
	}
}

// statusOf reads "HTTP/1.1 200 OK".
func statusOf(line []byte) (int, error) {
	if rest, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 ")); ok && len(rest) >= 3 {
		if status, err := strconv.Atoi(string(rest[:3])); err == nil && status >= 200 {
			return status, nil
		}
	}
	return 0, fmt.Errorf("the answer begins with %q", line)
}

// Clients ask at the same time, each its next request when it has the answer to the one before.
type Clients []*Client

// DialAll connects n clients.
func DialAll(addr string, n int) (Clients, error) {
	var all Clients
	for range n {
		c, err := Dial(addr)
		if err != nil {
			all.Close()
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Close ends all connections.
func (all Clients) Close() {
	for _, c := range all {
		c.Close()
	}
}

// Rate has every client send n requests and returns how many were answered a second.
// path names the i-th request of a client. An answer whose status is not allowed is an error.
func (all Clients) Rate(n int, path func(client, i int) string, allowed func(status int) bool) (float64, error) {
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	start := time.Now()
	for k, c := range all {
		wg.Go(func() {
			for i := range n {
				p := path(k, i)
				status, body, err := c.Get(p)
				if err == nil && !allowed(status) {
					err = fmt.Errorf("%s was answered %d: %s", p, status, body)
				}
				if err != nil {
					errs[k] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(len(all)*n) / time.Since(start).Seconds(), errors.Join(errs...)
}

// OK allows nothing but 200.
func OK(status int) bool { return status == 200 }
