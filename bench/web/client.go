package web

// The load: clients on kept connections, each sending its next request when it
// has the answer to the one before. They do as little as they can, since they share the
// processors with the server.

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

const (
	clients    = 16
	perClient  = 250 // requests a client sends in a round
	perRequest = 10 * time.Second
)

// A client is one kept connection.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

// dial connects all clients.
func dial(addr string) ([]*client, error) {
	var all []*client
	for range clients {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			hangUp(all)
			return nil, err
		}
		all = append(all, &client{conn: conn, in: bufio.NewReader(conn)})
	}
	return all, nil
}

func hangUp(all []*client) {
	for _, c := range all {
		c.conn.Close()
	}
}

// rate has every client send its requests and returns how many were answered a second.
func rate(all []*client, path func(client, i int) string) (float64, error) {
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	start := time.Now()
	for n, c := range all {
		wg.Go(func() {
			c.conn.SetDeadline(start.Add(perRequest))
			for i := range perClient {
				if _, err := c.get(path(n, i)); err != nil {
					errs[n] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(len(all)*perClient) / time.Since(start).Seconds(), errors.Join(errs...)
}

// get sends a request and returns the body of the answer, which is valid until the next.
func (c *client) get(path string) ([]byte, error) {
	c.out = append(c.out[:0], "GET "...)
	c.out = append(c.out, path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n"...)
	if _, err := c.conn.Write(c.out); err != nil {
		return nil, err
	}
	length := -1
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")):
			return nil, fmt.Errorf("%s was answered %q", path, line)
		case len(line) == 0 && length < 0:
			return nil, fmt.Errorf("the answer to %s does not say how long it is", path)
		case len(line) == 0:
			body := make([]byte, length)
			_, err := io.ReadFull(c.in, body)
			return body, err
		}
		if name, value, ok := bytes.Cut(line, []byte(": ")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return nil, err
			}
		}
	}
}
