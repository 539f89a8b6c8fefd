package adopt

// One client's connection to a shop, over the cheapest client that a library
// has: what it spends is missing in the shop that shares the machine with it.

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// answerWithin bounds a request.
const answerWithin = 30 * time.Second

// A conn sends one request after another.
type conn struct {
	net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	answer fasthttp.Response // the last one
}

func dial(shop string) (*conn, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(shop, "http://"))
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, in: bufio.NewReader(c), out: bufio.NewWriter(c)}, nil
}

// get returns a page.
func (c *conn) get(path string, user int) ([]byte, error) {
	if err := c.do(http.MethodGet, path, user, "", http.StatusOK); err != nil {
		return nil, err
	}
	return bytes.Clone(c.answer.Body()), nil
}

// post sends a form.
func (c *conn) post(path string, user int, form url.Values) error {
	return c.do(http.MethodPost, path, user, form.Encode(), http.StatusSeeOther)
}

func (c *conn) do(method, path string, user int, form string, want int) error {
	if err := c.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	c.ask(method, path, user, form)
	if err := c.out.Flush(); err != nil {
		return err
	}
	if err := c.answer.Read(c.in); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if status := c.answer.StatusCode(); status != want {
		return fmt.Errorf("%s %s: %d: %s", method, path, status, c.answer.Body())
	}
	return nil
}

// ask writes a request; an error shows when it is flushed.
func (c *conn) ask(method, path string, user int, form string) {
	fmt.Fprintf(c.out, "%s %s HTTP/1.1\r\nHost: shop\r\n", method, path)
	if user != nobody {
		fmt.Fprintf(c.out, "Cookie: %s\r\n", cookie(user))
	}
	if method == http.MethodPost {
		fmt.Fprintf(c.out, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(form))
	}
	c.out.WriteString("\r\n")
	c.out.WriteString(form)
}
