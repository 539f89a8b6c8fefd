package graph

// Parsing what stands in a node's braces: effects, keys of named data, ages.

import (
	"strings"
	"time"
)

func (p *parser) effects() (all []Effect) {
	p.expect('{')
	for {
		all = append(all, p.effect())
		if p.at('}') {
			p.pos++
			return all
		}
		p.expect(';')
	}
}

func (p *parser) effect() Effect {
	e := Effect{Class: Class(p.oneOf(classNames[:], "a class"))}
	if e.Class == Volatile {
		e.For = p.duration()
	}
	for !p.at(';') && !p.at('}') {
		if p.at('"') || p.at('`') {
			e.Data = append(e.Data, p.dataKey(p.quoted()))
			continue
		}
		start := p.pos
		w := p.bare()
		switch {
		case w == "":
			p.failAt(start, "expected data, a word, ; or }, found %s", p.foundAt(start))
		case isEffectWord(w):
			*[...]*bool{&e.Idempotent, &e.Deferrable, &e.Unordered}[indexOf(effectWords[:], w)] = true
		case p.at('='):
			p.pos++
			p.effectValue(&e, w, start)
		default:
			e.Data = append(e.Data, p.dataKey(w))
		}
	}
	return e
}

func (p *parser) effectValue(e *Effect, name string, start int) {
	switch name {
	case "for":
		e.For = p.duration()
	case "onerror":
		e.OnError = p.duration()
	case "within":
		e.Within = p.duration()
	case "hidden":
		e.Hidden = p.id("a hidden input")
	case "errors":
		for {
			e.Errors = append(e.Errors, p.id("a kind of error"))
			if !p.at(',') {
				return
			}
			p.pos++
		}
	default:
		p.failAt(start, "expected for=, onerror=, within=, hidden= or errors=, found %q", name+"=")
	}
}

// dataKey reads the parts of the key of the data called name.
func (p *parser) dataKey(name string) DataKey {
	k := DataKey{Name: name}
	for p.pos < len(p.src) && p.src[p.pos] == ':' {
		p.pos++
		if p.pos < len(p.src) && p.src[p.pos] == '{' {
			p.pos++
			k.Parts = append(k.Parts, p.expr())
		} else {
			k.Parts = append(k.Parts, "="+p.id("a literal key part"))
		}
	}
	return k
}

func (p *parser) expr() (part string) {
	start := p.pos
	if p.at('"') || p.at('`') {
		part = p.quoted()
	} else {
		n := strings.IndexAny(p.src[p.pos:], "}{\n")
		if n < 0 {
			n = 0
		}
		part = p.src[p.pos : p.pos+n]
		p.pos += n
	}
	if strings.HasPrefix(part, "=") {
		p.failAt(start, "expected an expression, found %q: literals stand without braces", part)
	}
	p.expect('}')
	return part
}

func (p *parser) duration() time.Duration {
	start := p.skip()
	d, err := time.ParseDuration(p.bare())
	if err != nil {
		p.failAt(start, "expected a duration like 24h or 1m30s, found %s", p.foundAt(start))
	}
	return d
}
