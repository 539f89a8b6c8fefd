package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fluxo.dev/fluxo"
)

// A keeper keeps answers by one path part, for a time.
type keeper struct {
	life time.Duration
	mu   sync.Mutex
	kept map[string]keptUntil
}

type keptUntil struct {
	answer any
	until  time.Time
}

func newKeeper(life time.Duration) *keeper { return &keeper{life: life, kept: map[string]keptUntil{}} }

func (k *keeper) find(id string) (any, time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	got := k.kept[id]
	if left := time.Until(got.until); left > 0 {
		return got.answer, left
	}
	return nil, 0
}

// A keptRun is one run of a flow whose answers are kept.
type keptRun struct {
	*keeper
	id     string
	answer any
	left   time.Duration
}

type keptRunKey struct{}

func (r *keptRun) End()                {}
func (r *keptRun) Kept() any           { return r.answer }
func (r *keptRun) Left() time.Duration { return r.left }
func (r *keptRun) Hidden() bool        { return r.id == "hidden" }
func (r *keptRun) Keep(make func() (any, int)) {
	if r.Hidden() {
		return
	}
	answer, _ := make()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = r.life
	r.kept[r.id] = keptUntil{answer, time.Now().Add(r.life)}
}

func (r *keptRun) Again(suits func(any) bool) func() (any, time.Duration) {
	if r.left == 0 {
		return nil
	}
	return func() (any, time.Duration) {
		if answer, left := r.find(r.id); suits(answer) {
			return answer, left
		}
		return nil, 0
	}
}

// keeping returns a route whose answers are kept, and say when they were made. They depend on what more returns, too.
func (k *keeper) keeping(pattern string, more func(r *Request) string) Route {
	r := get(pattern, func(r *Request) (any, error) {
		id := Path[string](r, "id")
		if more != nil {
			id += more(r)
		}
		if err := r.Err(); err != nil {
			return nil, err
		}
		if run, ok := r.Context().Value(keptRunKey{}).(*keptRun); ok {
			run.id = id
			if run.answer, run.left = run.find(id); run.answer != nil {
				return nil, nil
			}
		}
		switch id {
		case "fails":
			return nil, fluxo.NotFound.Errorf("there is none")
		case "slow":
			time.Sleep(100 * time.Millisecond) // of simulated time
		case "long":
			return strings.Repeat("x", 2*maxReadyBody), nil
		case "nothing":
			return nil, nil
		}
		return fmt.Sprint(id, " as of ", time.Now()), nil
	})
	r.Follow = func(ctx context.Context) (context.Context, Followed) {
		run := &keptRun{keeper: k}
		return context.WithValue(ctx, keptRunKey{}, run), run
	}
	return r
}

// today is a parameter that is another one every second.
type today string

func (d *today) UnmarshalText(text []byte) error {
	*d = today(fmt.Sprint(string(text), time.Now().Second()))
	return nil
}

// readyRoutes have every reason for which an answer is, or is not, ready.
func readyRoutes() []Route {
	k := newKeeper(20 * time.Second)
	user := k.keeping("/user/{id}", func(r *Request) string { return r.User().ID })
	user.User = true
	private := k.keeping("/private/{id}", nil)
	private.Cache, private.Vary = Private, []string{"Accept-Language"}
	never := k.keeping("/never/{id}", nil)
	never.Cache = NoStore
	return []Route{
		k.keeping("/kept/{id}", nil), user, private, never,
		newKeeper(time.Hour).keeping("/today/{id}", func(r *Request) string { return string(Query[today](r, "day")) }),
		newKeeper(time.Hour).keeping("/header/{id}", func(r *Request) string { return r.HTTP().UserAgent() }),
		newKeeper(time.Hour).keeping("/query/{id}", func(r *Request) string { return fmt.Sprint(Query[*int](r, "days") != nil) }),
		post("/kept/{id}", func(r *Request) (any, error) { return Body[map[string]int](r), nil }),
	}
}

// pipes is a listener of connections within the process.
type pipes struct {
	come   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{come: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.come:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	here, there := net.Pipe()
	p.come <- there
	return here
}

// What a connection that answers by itself sends, and what is logged of it, is to the byte what net/http alone would.
func TestReadyAnswersAreWhatTheyWere(t *testing.T) {
	var ready, others atomic.Int64
	for seed := range uint64(400) {
		counting := func(s *Service) answerer {
			return func(c *conn, q []byte) (bool, error) {
				answered, err := s.answerReady(c, q)
				if answered {
					ready.Add(1)
					if bytes.Contains(q, []byte("/kept/long ")) {
						t.Errorf("%.100q was answered", q)
					}
				} else {
					others.Add(1)
				}
				return answered, err
			}
		}
		rng := rand.New(rand.NewPCG(seed, 2))
		alike(t, fmt.Sprint("seed ", seed), counting, script(rng, true), script(rng, false), script(rng, false))
	}
	if n, m := ready.Load(), others.Load(); n < m/10 || m < n/10 {
		t.Errorf("%d ready answers, %d others", n, m)
	}
}

// What looks like a request and is none, or is two, is net/http's.
func TestReadyOfWhatIsNoRequest(t *testing.T) {
	const (
		end  = " HTTP/1.1\r\n" + plainHeader + "\r\n"
		a    = "GET /kept/a" + end
		star = "OPTIONS * HTTP/1.1\r\nHost: x\r\n"
		post = "POST /kept/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
	)
	for name, chunks := range map[string][]string{
		"two requests, of which no handler sees one": {a, a, a, a + star + "\r\n", a + star + "\r\n", a},
		"a body that is a request":                   {a, a, a, a + star + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(a)), a, a, a + post + fmt.Sprintf("%d\r\n\r\n", len(a)), a, a},
		"a body before a request":                    {a, a, a, a + post + "4\r\n\r\n", "GET " + a, "GET /kept/a /kept/a" + end, a},
		"an end in between":                          {a, a, a, "GET /kept/a HTTP/1.1\r\nHost: x\n\n" + a, "GET /kept/a HTTP/1.1\r\nHost: x\n\n" + a, a},
	} {
		alike(t, name, func(s *Service) answerer { return s.answerReady }, []string{a, a, a}, chunks)
	}
}

// alike checks that what comes of what connections send one after the other is the same with ready answers and without.
func alike(t *testing.T, name string, by func(*Service) answerer, scripts ...[]string) {
	t.Helper()
	with, without := served(t, by, scripts), served(t, func(*Service) answerer { return never }, scripts)
	if with == without {
		return
	}
	at := 0
	for at < min(len(with), len(without)) && with[at] == without[at] {
		at++
	}
	from := max(0, at-600)
	t.Fatalf("%s: with ready answers …\n%.1000q\nand without …\n%.1000q", name, with[from:], without[from:])
}

// served sends what scripts say, piece by piece, each over a connection of its own, and returns what came back and the log.
func served(t *testing.T, by func(*Service) answerer, scripts [][]string) (all string) {
	synctest.Test(t, func(t *testing.T) {
		log := new(lockedBuffer)
		s, err := New(readyRoutes(), DefaultLimits(), NewLog(log))
		if err != nil {
			t.Fatal(err)
		}
		s.users = func(context.Context, map[string][]string) (string, error) {
			return []string{"ann", "bob"}[time.Now().Second()%2], nil // sessions end
		}
		rng := rand.New(rand.NewPCG(1, 3))
		ln, server := newPipes(), s.server()
		over := make(chan error)
		go func() { over <- server.Serve(limit(ln, 4, by(s))) }()
		for _, chunks := range scripts {
			client := ln.dial()
			var got lockedBuffer
			read := make(chan struct{})
			go func() { io.Copy(&got, client); close(read) }()
			for _, chunk := range chunks {
				if _, err := io.WriteString(client, chunk); err != nil {
					break // it was closed: what came so far says why
				}
				if rng.IntN(4) > 0 {
					synctest.Wait()
				} else {
					time.Sleep(time.Duration(rng.IntN(3000)) * time.Millisecond) // of simulated time
				}
			}
			synctest.Wait()
			client.Close()
			<-read
			all += got.String()
			time.Sleep(time.Second) // likewise: what is still under way must not mix with the next one's
		}
		server.Close()
		<-over
		time.Sleep(time.Minute)
		s.log.Close()
		all += log.String()
	})
	return all
}

// plainHeader is one that says nothing which an answer depends on.
const plainHeader = "Host: x\r\nUser-Agent: test\r\n"

// headers say something, or break the rules.
var headers = []string{
	"Host: x\r\nUser-Agent: other\r\n", "host: y\r\nAccept: */*\r\n", "Host: x\r\nConnection: keep-alive\r\n", "Host: x\r\nConnection: close\r\n",
	"Host: x\r\nIf-None-Match: *\r\n", "Host: x\r\nExpect: 100-continue\r\n", "Host: x\r\nExpect: more\r\n", "Host: x\n", "User-Agent: test\r\n",
	"Host: x\r\nContent-Length: 0\r\n", "Host: x\r\nContent-Length: 7\r\n", "Host: x\r\nTransfer-Encoding: chunked\r\n",
	"Host: x\n\nGET /kept/b HTTP/1.1\r\nHost: x\r\n", "Host: x\r\n folded\r\n", "Host: x\r\nX: GET /kept/a HTTP/1.1\r\n",
	"Host: x HTTP/1.1\r\nHost: x\r\n", "Host: x\r\nHost: y\r\n", "Host: x\r\nUpgrade: h2c\r\n", "X: " + strings.Repeat("long", 300) + "\r\nHost: x\r\n",
}

// script returns what a client writes, piece by piece: requests that have much in common, with a whim now and then. A calm one has
// none.
func script(rng *rand.Rand, calm bool) (chunks []string) {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	seldom := func(n int) bool { return !calm && rng.IntN(n) == 0 }
	usual, protocol, behind, cut := plainHeader, "HTTP/1.1", "", 0
	if seldom(2) {
		usual = pick(headers...)
	}
	switch {
	case seldom(3):
		behind = pick("\r\n", "\n", "X", "{\"a\":1}", "0\r\n\r\n", "GET /kept/a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /kept/",
			"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\nContent-Length: 51\r\n\r\n",
			"POST /kept/a HTTP/1.1\r\nHost: x\r\nContent-Length: 51\r\n\r\n", "POST /kept/a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
	case seldom(3):
		cut = rng.IntN(40)
	}
	if seldom(10) {
		usual, protocol = "Host: x\r\nConnection: keep-alive\r\n", "HTTP/1.0"
	}
	for range 40 {
		header, method, version, end := usual, "GET", protocol, "\r\n"
		if seldom(20) {
			header = pick(append(headers, plainHeader)...)
		}
		if seldom(40) {
			method = pick("HEAD", "POST", "get", "XGET", "OPTIONS")
		}
		if seldom(60) {
			version = pick("HTTP/1.0", "HTTP/1.1 HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "")
		}
		if seldom(100) {
			end = "\n"
		}
		path := pick("/kept/a", "/kept/a", "/kept/b", "/kept/fails", "/kept/nothing", "/user/a", "/header/a", "/today/a?day=1")
		if rng.IntN(5) == 0 {
			path = pick("/kept/", "/query/", "/private/", "/never/") + pick("a", "a", "b", "slow", "long", "hidden", "%61", "a/", "../kept/a", "a?days=3", "a?days=x", "a#b", "")
		}
		q := method + " " + path + " " + version + "\r\n" + header + end
		if seldom(20) {
			q = "GET " + q // as if a request began in a body
		}
		if seldom(80) {
			at := rng.IntN(len(q))
			q = q[:at] + string(rune(rng.IntN(128))) + q[at+rng.IntN(2):]
		}
		switch last := len(chunks) - 1; {
		case last >= 0 && seldom(30):
			chunks[last] += q
		case cut > 0:
			chunks = append(chunks, q[:len(q)-min(cut, len(q))], q[len(q)-min(cut, len(q)):])
		case rng.IntN(2) == 0:
			chunks = append(chunks, q+behind)
		case behind != "":
			chunks = append(chunks, q, behind)
		default:
			chunks = append(chunks, q)
		}
	}
	return chunks
}

// Of two targets with one place one is known, and never another for it.
func TestReadyTable(t *testing.T) {
	table := newReadyTable()
	found := 0
	for i := range 3 * maxReady {
		r := &ready{target: fmt.Sprint("/", i)}
		table.place(maphash.String(table.seed, r.target)).Store(r)
	}
	for i := range 3 * maxReady {
		if r := table.find(fmt.Append(nil, "/", i)); r != nil {
			if found++; r.target != fmt.Sprint("/", i) {
				t.Fatalf("%s for /%d", r.target, i)
			}
		}
	}
	if found < maxReady/2 || found > maxReady {
		t.Errorf("%d targets in %d places", found, maxReady)
	}
}

// readyService serves /kept/x, ready, over pipes.
func readyService(t *testing.T, limits Limits, by func(*Service) answerer) (client net.Conn, server *http.Server, ask func() error) {
	s, err := New([]Route{newKeeper(time.Hour).keeping("/kept/{id}", nil)}, limits, NewLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	ln := newPipes()
	server = s.server()
	over := make(chan error)
	go func() { over <- server.Serve(limit(ln, 1, by(s))) }()
	t.Cleanup(func() {
		server.Close()
		<-over
		time.Sleep(time.Minute)
	})
	client = ln.dial()
	ask = func() error {
		if _, err := io.WriteString(client, "GET /kept/x HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return err
		}
		var got []byte
		for !bytes.Contains(got, []byte("\r\n\r\n\"x as of ")) || !bytes.HasSuffix(got, []byte("\"\n")) {
			b := make([]byte, 4096)
			n, err := client.Read(b)
			if got = append(got, b[:n]...); err != nil {
				return fmt.Errorf("%w after %q", err, got)
			}
		}
		return nil
	}
	for range 3 {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // until net/http does not look any more whether the client is still there
	}
	return client, server, ask
}

// While it answers by itself, a connection lives on as it does with net/http: as long as its client asks now and then.
func TestReadyConnectionIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := DefaultLimits()
		var answered atomic.Int64
		client, _, ask := readyService(t, limits, func(s *Service) answerer {
			return func(c *conn, q []byte) (bool, error) {
				ok, err := s.answerReady(c, q)
				if ok {
					answered.Add(1)
				}
				return ok, err
			}
		})
		for range 5 {
			time.Sleep(limits.Idle - time.Second)
			if err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		if n := answered.Load(); n < 5 {
			t.Errorf("%d answers were ready", n)
		}
		began := time.Now()
		if n, err := client.Read(make([]byte, 1)); n > 0 || err != io.EOF || time.Since(began) != limits.Idle {
			t.Errorf("after %v: %d bytes, %v", time.Since(began), n, err)
		}
	})
}

// A client that does not read its answer holds its connection no longer than net/http would let it.
func TestReadyAnswerThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := DefaultLimits()
		client, _, _ := readyService(t, limits, func(s *Service) answerer { return s.answerReady })
		io.WriteString(client, "GET /kept/x HTTP/1.1\r\nHost: x\r\n\r\n")
		time.Sleep(limits.writing() + time.Second)
		if n, err := client.Read(make([]byte, 1)); n > 0 || err != io.EOF {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// A connection that was closed gives no answer, and one whose answer panics can be closed still.
func TestReadyOnItsWayToTheEnd(t *testing.T) {
	here, there := net.Pipe()
	defer here.Close()
	calls := 0
	ln := limit(nil, 1, func(*conn, []byte) (bool, error) { calls++; panic("a bug") })
	ln.free <- struct{}{}
	c := newConn(there, ln)
	func() {
		defer func() { recover() }()
		c.answer(nil)
	}()
	if err := c.Close(); err != nil || len(ln.free) > 0 {
		t.Errorf("after a panic it is not closed: %v", err)
	}
	if answered, err := c.answer(nil); answered || !errors.Is(err, net.ErrClosed) || calls != 1 {
		t.Errorf("%t, %v, asked %d times", answered, err, calls)
	}
}

// What is ready counts among the requests at a time.
func TestReadyBesideTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var service *Service
		client, _, _ := readyService(t, DefaultLimits(), func(s *Service) answerer {
			service = s
			return s.answerReady
		})
		service.limits.Requests = 0
		io.WriteString(client, "GET /kept/x HTTP/1.1\r\nHost: x\r\n\r\n")
		b := make([]byte, 100)
		if n, err := client.Read(b); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 503 ") {
			t.Errorf("%q, %v", b[:n], err)
		}
	})
}

// net/http takes the connection for an idle one while it answers by itself: closing it then must not cut the answer off.
func TestCloseWhileReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began, goOn = make(chan struct{}, 1), make(chan struct{})
		var hold atomic.Bool
		client, server, ask := readyService(t, DefaultLimits(), func(s *Service) answerer {
			return func(c *conn, q []byte) (bool, error) {
				if hold.Load() {
					began <- struct{}{}
					<-goOn
				}
				return s.answerReady(c, q)
			}
		})
		hold.Store(true)
		asked := make(chan error)
		go func() { asked <- ask() }()
		<-began
		server.SetKeepAlivesEnabled(false)
		close(goOn)
		if err := <-asked; err != nil {
			t.Error(err)
		}
		if n, err := client.Read(make([]byte, 1)); n > 0 || err != io.EOF {
			t.Errorf("behind the answer: %d bytes, %v", n, err)
		}
	})
}
