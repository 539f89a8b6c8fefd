package core

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// A Provider is one of the services that are asked.
type Provider struct {
	Name string // for people
	Base string // its URL
}

// Providers are all of them.
type Providers struct {
	Geocoder, Points, Stations, Forecasts, Warnings Provider
}

// At returns the providers by what finds their addresses: WEATHER_GEOCODER and so on.
func At(env func(string) string) Providers {
	base := func(name string) string {
		if at := env("WEATHER_" + name); at != "" {
			return at
		}
		return "http://localhost:7101"
	}
	return Providers{
		Geocoder:  Provider{"the geocoder", base("GEOCODER")},
		Points:    Provider{"the map of offices and stations", base("POINTS")},
		Stations:  Provider{"the weather stations", base("STATIONS")},
		Forecasts: Provider{"the forecast offices", base("FORECASTS")},
		Warnings:  Provider{"the warning centre", base("WARNINGS")},
	}
}

// A Fetcher asks a provider for a path once and returns the body of a good answer, or a fault.
type Fetcher func(ctx context.Context, p Provider, path string) ([]byte, error)

// Bounds on what a provider can do to the service.
const (
	maxAnswer = 1 << 20
	maxConns  = 256
)

// OverHTTP returns what asks providers over HTTP.
func OverHTTP() Fetcher {
	client := &http.Client{
		Transport: &http.Transport{
			DialContext:           (&net.Dialer{Timeout: callTime}).DialContext,
			MaxIdleConns:          5 * maxConns,
			MaxIdleConnsPerHost:   maxConns,
			MaxConnsPerHost:       maxConns,
			IdleConnTimeout:       45 * time.Second, // the providers close at a minute
			ResponseHeaderTimeout: callTime,
			DisableCompression:    true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, p Provider, path string) ([]byte, error) {
		return fetch(ctx, client, p, path)
	}
}

func fetch(ctx context.Context, client *http.Client, p Provider, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Base+path, nil)
	if err != nil {
		return nil, invalid.errorf("%s cannot be asked for %q", p.Name, path)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, kindOf(err, unavailable).errorf("%s does not answer: %v", p.Name, err)
	}
	defer resp.Body.Close()
	body, err := read(resp)
	switch {
	case err != nil:
		return nil, kindOf(err, unavailable).errorf("%s broke off its answer: %v", p.Name, err)
	case len(body) > maxAnswer:
		return nil, unavailable.errorf("%s sent more than %d bytes", p.Name, maxAnswer)
	case resp.StatusCode == http.StatusNotFound:
		return nil, notFound.errorf("%s knows nothing about that: %s", p.Name, shorten(body))
	case resp.StatusCode != http.StatusOK:
		return nil, unavailable.errorf("%s answered %s: %s", p.Name, resp.Status, shorten(body))
	}
	return body, nil
}

// read reads a body of at most maxAnswer bytes, and one byte of a longer one.
func read(resp *http.Response) ([]byte, error) {
	if n := resp.ContentLength; n >= 0 && n <= maxAnswer {
		body := make([]byte, n)
		_, err := io.ReadFull(resp.Body, body)
		return body, err
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
}

func shorten(body []byte) string {
	return fmt.Sprintf("%q", strings.TrimSpace(string(body[:min(len(body), 200)])))
}
