package main

// A service and the providers that it asks: processes of their own, so that what is compared
// does not meet in anything but the machine.

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"example.com/weather/traces"
	"fluxo.dev/fluxo/bench/usage"
)

// An arm is one of the services that are compared.
type arm struct {
	name               string
	providers, service *process
}

// start begins an arm. Its providers are as slow at the same times as those of any other arm.
func (d *demo) start(ctx context.Context, name, program, addr string, env ...string) (*arm, error) {
	log := strings.ReplaceAll(name, " ", "-")
	providers, err := d.processes.serve(ctx, d.log(log+"-providers"), nil, d.program("providers"), "-control", "-seed", fmt.Sprint(d.seed))
	if err != nil {
		return nil, err
	}
	service, err := d.processes.serve(ctx, d.log(log), append(env, whereabouts(providers)...), program, "-addr", addr)
	return &arm{name, providers, service}, err
}

// whereabouts tells a service where its providers are, in its environment.
func whereabouts(providers *process) (env []string) {
	for _, who := range []string{"GEOCODER", "POINTS", "STATIONS", "FORECASTS", "WARNINGS"} {
		env = append(env, "WEATHER_"+who+"="+providers.url)
	}
	return env
}

// play has the arm answer requests at their times.
func (a *arm) play(ctx context.Context, t *truth, asks []ask, sent *atomic.Int64) (*result, error) {
	calls, used, err := a.totals(ctx)
	if err != nil {
		return nil, err
	}
	r := play(ctx, t, a.name, a.service.url, asks, sent)
	callsNow, usedNow, err := a.totals(ctx)
	r.calls, r.used = callsNow-calls, usedNow.Since(used)
	return r, err
}

// totals are the calls that the arm's providers have had, and what its service has used.
func (a *arm) totals(ctx context.Context) (int, usage.Usage, error) {
	status, body, err := get(ctx, a.providers.url+"/calls")
	if err != nil {
		return 0, usage.Usage{}, err
	}
	calls, err := strconv.Atoi(strings.TrimSpace(string(body)))
	if status != http.StatusOK || err != nil {
		return 0, usage.Usage{}, fmt.Errorf("%s/calls: %d %s", a.providers.url, status, body)
	}
	used, err := usage.Of(a.service.Pid)
	return calls, used, err
}

// press measures how much the arm can answer, again with the requests that it has just had.
func (a *arm) press(ctx context.Context, asks []ask, length time.Duration) float64 {
	return press(ctx, length, func(i int) string { return a.service.url + traces.Path(asks[i%len(asks)].about) })
}

// pressEmpty measures how many requests the arm can answer that cost nothing but HTTP.
func (a *arm) pressEmpty(ctx context.Context, length time.Duration) float64 {
	return press(ctx, length, func(int) string { return a.service.url + "/healthz" })
}
