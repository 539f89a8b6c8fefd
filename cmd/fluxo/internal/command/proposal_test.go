package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/pattern/planner"
)

const proposed = "fluxo 1\n\nflow example.com/a.F (\n\tstore G\n)\n"

// proposalFor is a proposal for a plan file that has a text now; none for "".
func proposalFor(t *testing.T, text string) *proposal {
	t.Helper()
	file := filepath.Join(t.TempDir(), PlanName)
	p := &proposal{
		service: &service{file: file}, short: PlanName,
		answer: &planner.Answer{Plan: proposed, Worth: true, Decisions: []planner.Decision{{Flow: "example.com/a.F", Lines: []string{"store G"}}}},
	}
	var err error
	if p.new, err = plan.Parse(PlanName, []byte(proposed)); err != nil {
		t.Fatal(err)
	}
	if text == "" {
		return p
	}
	if p.old, err = plan.Parse(PlanName, []byte(text)); err != nil {
		t.Fatal(err)
	}
	p.service.text = []byte(text)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *proposal) now(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.service.file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// Lines come and go on the screen only if they would in the file.
func TestDiffIsOfWhatIsProposed(t *testing.T) {
	for _, c := range []struct {
		old   string
		worth bool
		want  string // of the lines of the plan
	}{
		{"", true, "+     store G"},
		{"fluxo 1\n\nflow example.com/a.F (\n\tcoalesce G\n)\n", true, "-     coalesce G\n+     store G"},
		{"fluxo 1\n\nflow example.com/a.F (\n\tcoalesce G\n)\n", false, ""},
		{proposed, false, "      store G"},
	} {
		p := proposalFor(t, c.old)
		p.answer.Worth, p.answer.Written, p.answer.Proposed = c.worth, &planner.Prediction{}, &planner.Prediction{}
		var b strings.Builder
		p.print(&b)
		got := regexp.MustCompile(`(?m)^[-+ ]     (store|coalesce).*$`).FindAllString(b.String(), -1)
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%q, worth %t: %q in\n%s", c.old, c.worth, got, b.String())
		}
	}
}

// On a terminal a person is asked, and nothing but a yes writes.
func TestPlanAsksOnATerminal(t *testing.T) {
	for answer, written := range map[string]bool{"y\n": true, "Yes\n": true, "n\n": false, "\n": false, "\x04": false} {
		person, terminal, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		p := proposalFor(t, "")
		if _, err := io.WriteString(person, answer); err != nil {
			t.Fatal(err)
		}
		if err := p.settle(console{in: terminal, out: io.Discard, err: terminal}, false, false, false); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
		if got := p.now(t) == proposed; got != written {
			t.Errorf("%q: written is %v", answer, got)
		}
		terminal.Close()              // what was written to it can still be read
		said, _ := io.ReadAll(person) // Linux tells of the end by an error
		if !strings.Contains(string(said), "write fluxo.plan? [y/N]") {
			t.Errorf("%q: the terminal shows %q", answer, said)
		}
		person.Close()
	}
}

// Elsewhere nobody is asked.
func TestPlanWritesIfItIsSaid(t *testing.T) {
	for _, c := range []struct {
		yes, dry, json, written bool
		says                    string
	}{
		{yes: true, written: true, says: "fluxo.plan is written"},
		{yes: true, json: true, written: true, says: "fluxo.plan is written"},
		{dry: true},
		{says: "-y writes it"},
		{json: true, says: "-y writes it"},
	} {
		p := proposalFor(t, "")
		var said bytes.Buffer
		if err := p.settle(console{in: strings.NewReader("y\n"), err: &said}, c.yes, c.dry, c.json); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if p.now(t) == proposed != c.written || !strings.Contains(said.String(), c.says) {
			t.Errorf("%+v: the file is %q; said is %q", c, p.now(t), said.String())
		}
	}
	p := proposalFor(t, proposed)
	var said bytes.Buffer
	if err := p.settle(console{err: &said}, true, false, false); err != nil || !strings.Contains(said.String(), "stays as it is") {
		t.Errorf("a plan that is there already: %q, %v", said.String(), err)
	}
}

// A plan that is there stays unless it is illegal, breaks a limit, or the other one gains something.
func TestPlanStaysUnlessAnotherGains(t *testing.T) {
	with := func(limits string, present, proposed float64) *proposal {
		p := proposalFor(t, "")
		var err error
		if p.new, err = plan.Parse(PlanName, []byte("fluxo 1\n"+limits)); err != nil {
			t.Fatal(err)
		}
		p.answer.Goal = p.new.Goal()
		p.answer.Written = &planner.Prediction{Requests: 10, Mean: 2, P99: 9, Calls: map[string]int{"a": 10}}
		p.answer.Present = &planner.Prediction{Requests: 10, Mean: present, P99: 8, Calls: map[string]int{"a": 12}}
		p.answer.Proposed = &planner.Prediction{Requests: 10, Mean: proposed, P99: 7, Calls: map[string]int{"a": 9}}
		return p
	}
	for _, c := range []struct {
		limits            string
		present, proposed float64
		legal, want       bool
	}{
		{"", 1, 0.9, true, true},
		{"", 1, 0.996, true, false},
		{"", 1, 1.5, true, false},
		{"", 1, 1.5, false, true},
		{"goal p99\n", 1, 1, true, true},
		{"goal calls\n", 1, 1, true, true},
		{"limit calls 1.1\n", 1, 1.5, true, true},
		{"limit calls 1.3\n", 1, 1.5, true, false},
		{"limit p99 7.5s\n", 1, 1.5, true, true},
		{"limit p99 6s\n", 1, 1.5, true, false}, // neither keeps it
	} {
		if got := with(c.limits, c.present, c.proposed).worth(c.legal); got != c.want {
			t.Errorf("%+v: worth is %v", c, got)
		}
	}
	broken := with("limit p99 6s\nlimit calls 1.3\nlimit mean 1s\n", 1, 1.5) // and what is there keeps some
	broken.old, broken.answer.Worth = broken.new, broken.worth(true)
	var said bytes.Buffer
	if err := broken.settle(console{err: &said}, true, false, false); err != nil || broken.answer.Worth || !strings.Contains(said.String(), "stays as it is: no plan was found that keeps limit p99 6s and limit mean 1s\n") {
		t.Errorf("where no plan keeps the limits: %q, %v", said.String(), err)
	}
	broken = with("goal p99\nlimit mean 1s\n", 1, 1.5)
	if broken.worth(true) {
		t.Error("a plan that breaks a limit takes the place of one that keeps it")
	}
	p := with("", 1, 1)
	p.answer.Present, p.answer.Decisions = nil, nil
	if p.worth(true) {
		t.Error("a plan without a decision is written")
	}
}

// The conjuncts of a decision in few words.
func TestRanges(t *testing.T) {
	for want, ids := range map[string][]graph.ConjunctID{
		"":                          nil,
		"store.1-3 share.2":         {"store.1", "store.2", "store.3", "share.2"},
		"reorder.1 reorder.3-4":     {"reorder.1", "reorder.3", "reorder.4"},
		"store.1-2":                 {"store.1", "store.2", "store.1", "store.2"},
		"reorder.1-2 speculate.1-2": {"reorder.1", "reorder.2", "speculate.1", "speculate.2"},
	} {
		if got := ranges(ids); got != want {
			t.Errorf("%v: %q, want %q", ids, got, want)
		}
	}
}

// Of two that plan at once the second leaves what the first wrote.
func TestTwoPlannersAtOnce(t *testing.T) {
	const first = "fluxo 1\n\nflow example.com/a.F (\n\tpin store G\n)\n"
	for _, before := range []string{"", "fluxo 1\n"} {
		p := proposalFor(t, before)
		if err := os.WriteFile(p.service.file, []byte(first), 0o644); err != nil {
			t.Fatal(err)
		}
		err := p.write(console{err: io.Discard})
		if err == nil || !strings.Contains(err.Error(), "has changed since this command began") {
			t.Errorf("before %q: %v", before, err)
		}
		if p.now(t) != first {
			t.Errorf("before %q: the file is %q", before, p.now(t))
		}
	}
	p := proposalFor(t, "fluxo 1\n")
	if err := os.Remove(p.service.file); err != nil {
		t.Fatal(err)
	}
	if err := p.write(console{err: io.Discard}); err == nil {
		t.Error("a plan that was removed meanwhile is written")
	}
	if _, err := os.Stat(p.service.file); !os.IsNotExist(err) {
		t.Errorf("what was removed meanwhile is there: %v", err)
	}
}

// Progress is lines in a log, and one place on a terminal.
func TestProgress(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(&log)
	p.tell("one")
	p.tell("two")
	p.end()
	if got := log.String(); got != "  one\n  two\n" {
		t.Errorf("the log has %q", got)
	}
	person, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	defer terminal.Close()
	if err := pty.Setsize(person, &pty.Winsize{Rows: 24, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	p = newProgress(terminal)
	p.tell(strings.Repeat("long ", 20))
	p.end()
	if err := person.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Logf("no deadline on this terminal: %v", err)
	}
	said := make([]byte, 4096)
	n, err := person.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(said[:n]), "\r\x1b[K") {
		if len(line) > 39 {
			t.Errorf("%q is wider than the terminal", line)
		}
		if strings.Contains(line, "\n") {
			t.Errorf("%q ends a line", line)
		}
	}
}

// What a planner prints reaches people in lines, whatever it is.
func TestLinesOfAPlanner(t *testing.T) {
	var told []string
	l := &lines{tell: func(s string) { told = append(told, s) }}
	for _, part := range []string{"a", "b\n\n\x1b[2Jc\td\npanic: ", "oh\n", strings.Repeat("x", maxPlannerLine+10), "end"} {
		if n, err := l.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if why := l.why(); why != "panic: oh" {
		t.Errorf("why is %q", why)
	}
	want := []string{"ab", "[2Jc d", "panic: oh", strings.Repeat("x", maxPlannerLine), strings.Repeat("x", 9) + "end"}
	if strings.Join(told, "|") != strings.Join(want, "|") {
		t.Errorf("told %q", told)
	}
	for range 2 * maxPlannerLines {
		l.line([]byte("again"))
	}
	if len(told) != maxPlannerLines || len(l.tail) != maxTail {
		t.Errorf("%d lines told, %d kept", len(told), len(l.tail))
	}
}

// However much is proposed that is not legal, little of it is printed.
func TestRefusedAreFew(t *testing.T) {
	var all []planner.Refusal
	for why := range 9 {
		for n := range 30 {
			all = append(all, planner.Refusal{Lines: []string{fmt.Sprintf("store S%d", n)}, Reason: fmt.Sprintf("needs reason %d", why)})
		}
	}
	var b strings.Builder
	printRefused(&b, all)
	text := b.String()
	for _, want := range []string{"needs reason 4\n      store S0; store S1; store S2; store S3; store S4; and 25 more\n", "  and for 4 more reasons\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n != 1+2*5+1 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	b.Reset()
	if printRefused(&b, all[:3]); strings.Contains(b.String(), "more") {
		t.Errorf("of three:\n%s", b.String())
	}
}

// That a decision spares nodes is said where it does.
func TestSparedNodesAreTold(t *testing.T) {
	for _, c := range []struct {
		before, after float64
		want          string
	}{{9, 3, "; 3.0 instead of 9.0 nodes run for a request"}, {9, 9, ""}, {3, 9, ""}, {0, 0, ""}} {
		if got := sparing(planner.Decision{NodesBefore: c.before, NodesAfter: c.after}); got != c.want {
			t.Errorf("%v and %v: %q", c.before, c.after, got)
		}
	}
}
