package effect

// The values of words, and which words go together.

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
)

// checkRole reports a function that is declared both a flow and a step.
func (c *claim) checkRole() {
	if len(c.triggers) == 0 {
		return
	}
	c.rawBeside()
	t, what := c.triggers[0], "a flow"
	if c.isRaw() {
		what = "a handler"
	}
	if c.class.text != "" {
		c.report(c.class.pos, c.class.end(), "FX106",
			c.ident.Name+" is declared both "+what+" ("+t.name.text+") and a step ("+c.class.text+")",
			"remove "+prefix+c.class.text+", or move that work into a step of its own that the "+strings.TrimPrefix(what, "a ")+" calls")
	}
	for name, w := range c.words {
		c.report(w.word.pos, w.word.end(), "FX107", name+" stands on "+what+", but it speaks for steps", "move "+name+" to the step that needs it")
	}
	clear(c.words)
	for _, t := range c.triggers {
		c.bind(t)
	}
}

// checkWords reports words that the class leaves no meaning, and drops them.
func (c *claim) checkWords() {
	class := c.class.text
	drop := func(w string, code diag.Code, what, fix string) {
		c.report(c.words[w].word.pos, c.words[w].word.end(), code, what, fix)
		delete(c.words, w)
	}
	names := keys(c.words)
	slices.Sort(names)
	for _, w := range names {
		switch {
		case class == "" && !words[w].acts:
			drop(w, "FX107", w+" stands on a function without a class", "add the class: "+prefix+strings.Join(words[w].with, " or "+prefix))
		case class != "" && !goesWith(w, class):
			drop(w, "FX107", w+" has no meaning for a step declared "+class, "remove "+w+"; it goes with "+strings.Join(words[w].with, ", "))
		case w == "retry" && !c.repeatable():
			drop(w, "FX122", "retry stands on "+c.ident.Name+", which "+c.acting(), "add the word idempotent if the same call once more changes nothing, or remove retry")
		case w == "timeout" && !hasContext(c.fn.Signature()):
			drop(w, "FX121", "timeout stands on "+c.ident.Name+", which takes no context.Context to cancel", "give "+c.ident.Name+" a ctx context.Context as its first parameter, and pass it on")
		case (w == "retry" || w == "onerror" || w == "errors") && !returnsError(c.fn.Signature()):
			drop(w, "FX121", w+" stands on "+c.ident.Name+", which returns no error", "let "+c.ident.Name+" return an error as its last result, or remove "+w)
		}
	}
	c.checkEffect()
	if class == "writes" {
		c.checkTransaction()
	}
}

func (c *claim) repeatable() bool {
	switch c.class.text {
	case "reads", "volatile":
		return true
	}
	return c.has("idempotent")
}

func (c *claim) acting() string {
	switch c.class.text {
	case "writes":
		return "writes"
	case "effect":
		return "changes the outside world"
	}
	return "may change the outside world, as far as is known"
}

// duration reads the value of w: a Go duration that is not negative.
func (c *claim) duration(w string, v field) time.Duration {
	d, err := time.ParseDuration(v.text)
	if err == nil && d >= 0 {
		return d
	}
	what := "after " + w + " stands " + v.text + ", which is not a duration"
	if err == nil {
		what = w + " is negative: " + v.text
	}
	fix := "write a duration such as 30s, 10m or 24h"
	if days, err := strconv.Atoi(strings.TrimSuffix(v.text, "d")); err == nil && days > 0 && strings.HasSuffix(v.text, "d") {
		fix = "write " + strconv.Itoa(24*days) + "h"
	} else if n, err := strconv.Atoi(v.text); err == nil && n > 0 {
		fix = "add the unit: " + v.text + "s or " + v.text + "m"
	}
	c.report(v.pos, max(v.end(), v.pos+1), "FX108", what, fix)
	return 0
}

func (c *claim) durationOf(w string) time.Duration {
	g, ok := c.words[w]
	if !ok {
		return 0
	}
	d := c.duration(w, g.value)
	if d == 0 && g.value.text == "0" {
		c.report(g.value.pos, g.value.end(), "FX108", w+" is 0, which promises nothing", "remove "+w)
	}
	return d
}

// number reads the value of w: from 1 to most.
func (c *claim) number(w string, most int) int {
	g, ok := c.words[w]
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(g.value.text)
	if err == nil && 1 <= n && n <= most {
		return n
	}
	c.report(g.value.pos, max(g.value.end(), g.value.pos+1), "FX109",
		"after "+w+" stands "+g.value.text, "write a whole number from 1 to "+strconv.Itoa(most))
	return 0
}

// errorKinds reads errors=NotFound,Invalid.
func (c *claim) errorKinds() []string {
	g, ok := c.words["errors"]
	if !ok {
		return nil
	}
	var kinds []string
	at := g.value.pos
	for _, k := range strings.Split(g.value.text, ",") {
		f := field{k, at}
		at += token.Pos(len(k) + 1)
		if slices.Contains(errorKinds, k) {
			kinds = append(kinds, k)
			continue
		}
		fix := "use " + strings.Join(errorKinds, ", ") + "; other kinds speak of the moment and cannot be kept"
		if near := nearest(k, slices.Clone(errorKinds)); near != "" {
			fix = "write " + near
		}
		c.report(f.pos, max(f.end(), f.pos+1), "FX126", "errors="+k+" is not a kind of error that can be kept", fix)
	}
	return kinds
}

func hasContext(sig *types.Signature) bool {
	for i := range sig.Params().Len() {
		if t := sig.Params().At(i).Type(); isContext(t) || typeIs(t, "net/http", "Request") {
			return true
		}
	}
	return false
}

func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isError(sig.Results().At(n-1).Type())
}
