package todo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/time/rate"
)

type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

type Forecast struct {
	City  string    `json:"city"`
	Temps []float64 `json:"temps"`
	At    time.Time `json:"at"`
}

type WeatherClient struct {
	base    *url.URL
	http    Doer
	limiter *rate.Limiter
	retries int
}

type statusError struct {
	code int
	body string
}

func (s *statusError) Error() string   { return fmt.Sprintf("status %d: %s", s.code, s.body) }
func (s *statusError) Temporary() bool { return s.code >= 500 || s.code == 429 }

//fluxo:flow
func (c *WeatherClient) Forecast(ctx context.Context, city string) (Forecast, error) {
	u := c.base.JoinPath("forecast", url.PathEscape(city))
	q := u.Query()
	q.Set("key", os.Getenv("WEATHER_KEY"))
	u.RawQuery = q.Encode()

	var lastErr error
	for i := 0; i <= c.retries; i++ {
		if err := c.limiter.Wait(ctx); err != nil {
			return Forecast{}, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return Forecast{}, err
		}
		req.Header.Set("Accept", "application/json")
		resp, err := c.http.Do(req)
		if err != nil {
			lastErr = err
			time.Sleep(time.Duration(math.Pow(2, float64(i))) * 50 * time.Millisecond)
			continue
		}
		body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		resp.Body.Close()
		if err != nil {
			return Forecast{}, err
		}
		if resp.StatusCode != http.StatusOK {
			se := &statusError{resp.StatusCode, string(bytes.TrimSpace(body))}
			if se.Temporary() {
				lastErr = se
				continue
			}
			return Forecast{}, se
		}
		var f Forecast
		if err := json.Unmarshal(body, &f); err != nil {
			return Forecast{}, fmt.Errorf("decode forecast: %w", err)
		}
		return f, nil
	}
	return Forecast{}, fmt.Errorf("forecast %s after %d attempts: %w", city, c.retries+1, lastErr)
}

type forecaster interface {
	//fluxo:volatile 10m
	Forecast(ctx context.Context, city string) (Forecast, error)
}

type WeatherReport struct {
	clients map[string]forecaster
	units   string
}

func Map[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

func Reduce[T, A any](in []T, acc A, f func(A, T) A) A {
	for _, v := range in {
		acc = f(acc, v)
	}
	return acc
}

// Report asks every provider and prints a table.
//
//fluxo:flow
func (w *WeatherReport) Report(ctx context.Context, city string) (string, error) {
	var sb strings.Builder
	tw := tabwriter.NewWriter(&sb, 0, 8, 1, ' ', 0)
	var failed []string
	for name, c := range w.clients {
		f, err := c.Forecast(ctx, city)
		if err != nil {
			failed = append(failed, name)
			continue
		}
		temps := Map(f.Temps, func(t float64) float64 {
			if w.units == "F" {
				return t*9/5 + 32
			}
			return t
		})
		avg := Reduce(temps, 0.0, func(a, t float64) float64 { return a + t }) / float64(len(temps))
		fmt.Fprintf(tw, "%s\t%.1f\n", name, avg)
	}
	if len(failed) == len(w.clients) {
		return "", fmt.Errorf("no forecast for %s: %s failed", city, strings.Join(failed, ", "))
	}
	if err := tw.Flush(); err != nil {
		return "", err
	}
	return sb.String(), nil
}

// Fastest answers with whichever client is first.
//
//fluxo:flow
func (w *WeatherReport) Fastest(ctx context.Context, city string) (Forecast, error) {
	ctx, cancel := context.WithTimeout(ctx, 800*time.Millisecond)
	defer cancel()
	type result struct {
		f   Forecast
		err error
	}
	ch := make(chan result, len(w.clients))
	for _, c := range w.clients {
		go func() {
			f, err := c.Forecast(ctx, city)
			ch <- result{f, err}
		}()
	}
	var firstErr error
	for range w.clients {
		select {
		case r := <-ch:
			if r.err == nil {
				return r.f, nil
			}
			if firstErr == nil {
				firstErr = r.err
			}
		case <-ctx.Done():
			return Forecast{}, ctx.Err()
		}
	}
	return Forecast{}, firstErr
}
