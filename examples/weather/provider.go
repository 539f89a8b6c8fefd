package weather

// A client for providers that may hang, break off, or send anything at all.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"fluxo.dev/fluxo"
)

// Bounds on what a provider can do to the service.
const (
	maxAnswer   = 1 << 20          // bytes of one answer
	maxWait     = 10 * time.Second // for one answer, should nothing else limit it
	maxConns    = 256              // connections to one provider
	maxIdleTime = 30 * time.Second // of a kept connection
)

var client = &http.Client{
	Timeout: maxWait,
	Transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		MaxIdleConnsPerHost:   maxConns,
		MaxConnsPerHost:       maxConns,
		IdleConnTimeout:       maxIdleTime,
		ResponseHeaderTimeout: maxWait,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// A provider is a service that we depend upon and do not run.
type provider struct {
	name string // for people: "the geocoder"
	base string // its URL
}

// get asks for path and decodes the JSON answer into v. Errors are NotFound,
// Timeout, Canceled or Unavailable and say which provider it was.
func (p provider) get(ctx context.Context, path string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, nil)
	if err != nil {
		return fluxo.Invalid.Errorf("%s cannot be asked for %q", p.name, path)
	}
	resp, err := client.Do(req)
	if err != nil {
		return p.failed(err, "does not answer")
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return p.failed(err, "broke off its answer")
	case len(body) > maxAnswer:
		return fluxo.Unavailable.Errorf("%s sent more than %d bytes", p.name, maxAnswer)
	case resp.StatusCode == http.StatusNotFound:
		return fluxo.NotFound.Errorf("%s knows nothing about that: %s", p.name, shorten(body))
	case resp.StatusCode != http.StatusOK:
		return fluxo.Unavailable.Errorf("%s answered %s: %s", p.name, resp.Status, shorten(body))
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fluxo.Unavailable.Errorf("%s sent something that cannot be read: %w", p.name, err)
	}
	return nil
}

// failed gives err a kind: time-outs and cancellations keep theirs.
func (p provider) failed(err error, what string) error {
	kind := fluxo.KindOf(err)
	if kind == fluxo.Internal {
		kind = fluxo.Unavailable
	}
	return kind.Errorf("%s %s: %w", p.name, what, err)
}

func shorten(body []byte) string {
	const shown = 200 // bytes
	text := strings.TrimSpace(string(body[:min(len(body), shown)]))
	return fmt.Sprintf("%q", text)
}
