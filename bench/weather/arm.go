package weather

// Arms: a service and the providers that it asks, processes of their own, which live through a day.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/load"
)

// An arm is one of the services that are compared.
type arm struct {
	name    string
	lane    int    // of several that live through the same day, apart
	program string // the service
	args    []string
	plan    string  // text of a plan; for the expert's service, which knows none, ""
	latency float64 // of the providers, over that of their profiles
	seed    uint64  // of the providers
	day     *day
	slices  []slice
	urls    []string // of towns, by rank
	forgets bool     // it has no state that would have to be rebuilt
}

// An aliveArm is an arm under way.
type aliveArm struct {
	*arm
	provider, service *command.Server
	http              *http.Client
	control           *http.Client // of the service's clock and plan
	started           time.Time
	late              time.Duration // it begins what is lived through
	ahead             time.Duration // of the service's clock, over the time that has really passed
	next              int           // request of the day that it has not had
}

// now is what the service's clock says, as a time of the day.
func (l *aliveArm) now() time.Duration { return l.ahead + time.Since(l.started) }

// epoch is when all days begin.
var epoch = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// Bounds of one request.
const (
	maxConns   = 512
	perRequest = 30 * time.Second
)

// start begins the arm's processes, the clock at the begin of the day and the plan in place.
func (a *arm) start(providers, dir string) (_ *aliveArm, err error) {
	l := &aliveArm{arm: a, http: &http.Client{Timeout: perRequest, Transport: &http.Transport{MaxIdleConnsPerHost: maxConns}}}
	defer func() {
		if err != nil {
			l.stop()
		}
	}()
	one := []string{"GOMAXPROCS=1"} // of dozens of processes each would wake both processors for nothing
	l.provider, err = command.Start(one, providers, "-role", "all", "-addr", "127.0.0.1:0", "-control",
		"-start", epoch.Format(time.RFC3339), "-seed", strconv.FormatUint(a.seed, 10))
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, strconv.Itoa(l.provider.PID())+".sock")
	env := append(one, "FLUXO_CONTROL="+socket)
	for _, role := range []string{"GEOCODER", "POINTS", "STATIONS", "FORECASTS", "WARNINGS"} {
		env = append(env, "WEATHER_"+role+"=http://"+l.provider.Addr)
	}
	if l.service, err = command.Start(env, a.program, append([]string{"-addr", "127.0.0.1:0"}, a.args...)...); err != nil {
		return nil, err
	}
	l.started = time.Now()
	l.control = &http.Client{Timeout: perRequest, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	if a.plan != "" {
		if err := post(l.control, "http://service/plan", a.plan); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *aliveArm) stop() {
	for _, s := range []*command.Server{l.service, l.provider} {
		if s != nil {
			s.Kill()
		}
	}
}

// url is the path that asks what r asks.
func (a *arm) url(r request) string { return a.urls[int(r.town)%len(a.urls)] }

// providers sets how slow the providers are, and their clock to that of the arm.
func (l *aliveArm) providers(latency float64) error {
	q := url.Values{"latency": {fmt.Sprint(latency)}, "now": {epoch.Add(l.now()).Format(time.RFC3339)}}
	return post(l.http, "http://"+l.provider.Addr+"/control?"+q.Encode(), "")
}

// until moves the service's clock.
func (l *aliveArm) until(t time.Duration) error {
	ahead := t - l.now()
	if ahead <= 0 {
		return nil
	}
	l.ahead += ahead
	return post(l.control, "http://service/clock?ahead="+ahead.String(), "")
}

// calls is how many requests the providers have had.
func (l *aliveArm) calls() (int, error) {
	_, body, err := get(l.http, "http://"+l.provider.Addr+"/calls")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(body)))
}

// clockStep is how finely a clock is moved along: what is renewed ahead is renewed a second before it expires, or more, and so is by then.
const clockStep = time.Second

// pass moves the service's clock in steps.
func (l *aliveArm) pass(until time.Duration) error {
	for l.now()+clockStep < until {
		if err := l.until(l.now() + clockStep); err != nil {
			return err
		}
	}
	return l.until(until)
}

// rebuild has the service answer what comes next until a time of the day, as fast as it can: its clock
// goes along, and its providers answer at once.
func (l *aliveArm) rebuild(until time.Duration) error {
	if err := l.providers(0); err != nil {
		return err
	}
	if l.forgets {
		return l.until(until)
	}
	c, err := load.Dial(l.service.Addr)
	if err != nil {
		return err
	}
	defer c.Close()
	told := l.now()
	for ; l.next < len(l.day.requests) && l.day.requests[l.next].at < until; l.next++ {
		r := l.day.requests[l.next]
		if err := l.pass(r.at.Truncate(clockStep)); err != nil {
			return err
		}
		if now := l.now(); now-told >= time.Minute {
			if err := l.providers(0); err != nil {
				return err
			}
			told = now
		}
		if _, _, err := c.Get(l.url(r)); err != nil {
			return err
		}
	}
	return l.pass(until)
}

// An answer is what became of a request of a slice.
type answer struct {
	took   time.Duration // since it should have been sent
	failed bool
}

// live asks a slice's requests when their time has come, beside providers of a latency. The answers are in the slice's order.
// It begins late: a request that all arms had at one moment would wait for dozens of others, as it does in no service of its own.
func (l *aliveArm) live(ctx context.Context, s slice, latency float64) (out []answer, calls int, err error) {
	if err := l.providers(latency); err != nil {
		return nil, 0, err
	}
	before, err := l.calls()
	if err != nil {
		return nil, 0, err
	}
	out = make([]answer, s.to-s.from)
	errs := make([]error, len(out))
	began := time.Now().Add(l.late)
	var wg sync.WaitGroup
	for i, r := range l.day.requests[s.from:s.to] {
		due := began.Add(r.at - s.begin)
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-time.After(time.Until(due)):
		}
		wg.Go(func() {
			status, _, err := get(l.http, "http://"+l.service.Addr+l.url(r))
			out[i], errs[i] = answer{time.Since(due), status != http.StatusOK}, err
		})
	}
	wg.Wait()
	l.next = s.to
	after, err := l.calls()
	return out, after - before, errors.Join(cmp.Or(errs...), err)
}

func get(c *http.Client, url string) (status int, body []byte, err error) {
	resp, err := c.Get(url)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

func post(c *http.Client, url, text string) error {
	resp, err := c.Post(url, "text/plain", strings.NewReader(text))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return errors.Join(fmt.Errorf("%s: %s: %s", url, resp.Status, strings.TrimSpace(string(body))), err)
	}
	return nil
}

// stateDir makes a directory for the sockets, whose paths must be short.
func stateDir() (dir string, done func(), err error) {
	dir, err = os.MkdirTemp("", "fluxo-bench-")
	return dir, func() { os.RemoveAll(dir) }, err
}
