package adopt

// One client's connection to a shop. It costs less time than net/http's client,
// which matters on a machine that the shop shares.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerWithin bounds a request.
const answerWithin = 30 * time.Second

// A conn sends one request after another.
type conn struct {
	net.Conn
	in *bufio.Reader
}

func dial(shop string) (*conn, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(shop, "http://"))
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReader(c)}, nil
}

// get returns a page.
func (c *conn) get(path string, user int) ([]byte, error) {
	return c.do(http.MethodGet, path, user, "", http.StatusOK)
}

// post sends a form.
func (c *conn) post(path string, user int, form url.Values) error {
	_, err := c.do(http.MethodPost, path, user, form.Encode(), http.StatusSeeOther)
	return err
}

func (c *conn) do(method, path string, user int, form string, want int) ([]byte, error) {
	if err := c.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c, requestText(method, path, user, form)); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode != want {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, body)
	}
	return body, nil
}

func requestText(method, path string, user int, form string) string {
	text := method + " " + path + " HTTP/1.1\r\nHost: shop\r\n"
	if user != nobody {
		text += "Cookie: " + cookie(user) + "\r\n"
	}
	if method == http.MethodPost {
		text += fmt.Sprintf("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(form))
	}
	return text + "\r\n" + form
}
