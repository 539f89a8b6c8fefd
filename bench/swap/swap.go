// Package swap has the figure of what a change of plan costs those who are being answered: nothing may be lost.
package swap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/load"
)

const (
	swaps   = 200
	clients = 16
	between = 50 // answers from one swap to the next, at least
)

// Dropped counts requests that swaps of plans lose.
var Dropped = figure.Figure{
	Name: "swap.dropped",
	About: "requests that were not answered, or not by what they are answered as written, over 200 swaps of the plan of a service under " +
		"load from 16 kept connections; every fourth plan is tried by half of the requests, and taken back; .requests: those sent",
	Run: func(r *figure.Report) error {
		lost, sent, err := measure(swaps)
		if err != nil {
			return err
		}
		r.Line("swap.dropped", float64(lost), "requests")
		r.Line("swap.dropped.requests", float64(sent), "requests")
		return nil
	},
}

// plans are what the service is given in turn; what it runs under at first is none.
var plans = []string{
	"store Find..return",
	"parallel Quote Related\n\tcoalesce Quote",
	"store Quote\n\tcoalesce Related",
	"store Find\n\tparallel Quote Related",
	"answer\n\tstore Quote refresh=50%",
	"hedge Quote after=1ms budget=20%\n\thedge Related after=1ms budget=20%",
	"",
}

func text(lines string) string {
	if lines == "" {
		return "fluxo 1\n"
	}
	return "fluxo 1\n\nflow example.com/shop.Show (\n\t" + lines + "\n)\n"
}

// measure swaps plans n times while clients ask, and returns how many of the sent requests were lost.
func measure(n int) (lost, sent int64, err error) {
	dir, err := os.MkdirTemp("", "fluxo-bench-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	root, err := command.Root()
	if err != nil {
		return 0, 0, err
	}
	program, socket := filepath.Join(dir, "shop"), filepath.Join(dir, "socket")
	if err := command.Build("fluxo", filepath.Join(root, "bench", "web", "testdata", "shop"), program); err != nil {
		return 0, 0, err
	}
	server, err := command.Start([]string{"FLUXO_CONTROL=" + socket}, program, "-addr", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	defer server.Kill()
	u, err := begin(server.Addr)
	if err != nil {
		return 0, 0, err
	}
	err = swap(socket, n, u)
	lost, sent = u.end()
	if err == nil {
		_, err = server.Stop()
	}
	return lost, sent, err
}

// A user is clients that ask until they are told to stop.
type user struct {
	clients  load.Clients
	expected map[string][]byte
	stop     atomic.Bool
	over     sync.WaitGroup
	lost     atomic.Int64
	answered atomic.Int64
}

func path(i int) string { return "/products/" + strconv.Itoa(i*331%100) + "?currency=USD" }

// begin learns how the service answers as written, and has clients ask.
func begin(addr string) (*user, error) {
	u := &user{expected: map[string][]byte{}}
	var err error
	if u.clients, err = load.DialAll(addr, clients); err != nil {
		return nil, err
	}
	for i := range 100 {
		status, body, err := u.clients[0].Get(path(i))
		if err != nil || status != http.StatusOK {
			return nil, errors.Join(fmt.Errorf("%s is answered %d", path(i), status), err)
		}
		u.expected[path(i)] = bytes.Clone(body)
	}
	for k := range u.clients {
		u.over.Go(func() { u.ask(addr, k) })
	}
	return u, nil
}

// ask is one client. A connection that breaks is a request lost, and begun anew.
func (u *user) ask(addr string, k int) {
	for i := k * 7; !u.stop.Load(); i++ {
		status, body, err := u.clients[k].Get(path(i))
		if err != nil || status != http.StatusOK || !bytes.Equal(body, u.expected[path(i)]) {
			u.lost.Add(1)
		}
		if err != nil {
			c, err := load.Dial(addr)
			if err != nil {
				return
			}
			u.clients[k].Close()
			u.clients[k] = c
		}
		u.answered.Add(1)
	}
}

// end stops the clients.
func (u *user) end() (lost, sent int64) {
	u.stop.Store(true)
	u.over.Wait()
	u.clients.Close()
	return u.lost.Load(), u.answered.Load()
}

// maxPause bounds the wait between two changes: a service that answers nobody any more ends the figure.
const maxPause = 30 * time.Second

// swap changes the plan n times.
func swap(socket string, n int, u *user) error {
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	for i := range n {
		query := ""
		if i%4 == 3 {
			query = "?share=50&for=1h"
		}
		if err := send(c, http.MethodPost, "/plan"+query, text(plans[i%len(plans)])); err != nil {
			return err
		}
		until := time.Now().Add(maxPause)
		for before := u.answered.Load(); u.answered.Load() < before+between; time.Sleep(time.Millisecond) { // who counts answers shall not wait for who looks
			if time.Now().After(until) {
				return fmt.Errorf("behind change %d of the plan %d requests were not answered within %v", i+1, between, maxPause)
			}
		}
		if i%4 == 3 {
			if err := send(c, http.MethodDelete, "/plan/trial", ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func send(c *http.Client, method, path, body string) error {
	req, err := http.NewRequest(method, "http://service"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, said)
	}
	return err
}
