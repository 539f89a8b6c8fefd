package effect

// A function's directives become its Summary; what contradicts itself or the
// function's signature is reported, and then does not count.

import (
	"go/token"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// A claim is what the directives of one function say, as they are read.
type claim struct {
	*declared
	report reporter

	class    field            // the name of the class; "" if none is given
	keys     []field          // of reads and writes
	age      field            // of volatile
	words    map[string]given // the words
	triggers []directive
}

// A given word: where it stands, and its value.
type given struct {
	word  field
	value field
}

// declare reads the directives of d. ok is false if nothing of them holds.
func declare(d *declared, report reporter) (s Summary, ok bool) {
	c := &claim{declared: d, report: report, words: map[string]given{}}
	for _, line := range d.lines {
		c.line(line)
	}
	if c.class.text == "" && len(c.words) == 0 && len(c.triggers) == 0 {
		return Summary{}, false
	}
	return c.summary(), true
}

func (c *claim) line(d directive) {
	switch name := d.name.text; verbs[name] {
	case classVerb:
		c.classLine(d)
	case wordVerb:
		c.wordLine(d)
	case triggerVerb:
		if c.route(d) {
			c.triggers = append(c.triggers, d)
		}
	case laterVerb:
		c.report(d.name.pos, d.end, "FX118", prefix+name+" is part of the language but does not run yet", later[name])
	default:
		c.unknown(d.name, prefix, keys(verbs))
	}
}

// unknown reports a misspelt directive or word.
func (c *claim) unknown(f field, before string, known []string) {
	fix := "use one of the directives in docs/language.md, or remove it"
	word, value, valued := f.split()
	if near := nearest(word, known); near != "" {
		fix = "write " + before + near
		if valued { // on a line of its own a word's value stands after a space
			fix += " " + value.text
		}
	}
	c.report(f.pos, max(f.end(), f.pos+1), "FX101", before+f.text+" is not known", fix)
}

func (c *claim) classLine(d directive) {
	name := d.name
	switch {
	case c.class.text == "":
		c.class = name
	case c.class.text == name.text && (name.text == "reads" || name.text == "writes"):
		// More data on a line of its own.
	case c.class.text == name.text:
		c.report(name.pos, d.end, "FX120", prefix+name.text+" is given twice", "remove one of the two lines")
		return
	default:
		c.report(name.pos, d.end, "FX106", c.ident.Name+" is declared both "+c.class.text+" and "+name.text, c.oneClass(name.text))
		return
	}
	args := d.args
	if name.text == "volatile" {
		if len(args) == 0 || strings.Contains(args[0].text, "=") {
			c.report(name.pos, d.end, "FX119", prefix+"volatile does not say how old a result may be", "write the age after it: "+prefix+"volatile 1m, or 0 for never used again")
		} else {
			c.age, args = args[0], args[1:]
		}
	}
	for _, a := range args {
		c.argument(name, a)
	}
	if (name.text == "reads" || name.text == "writes") && len(c.keys) == 0 {
		c.report(name.pos, d.end, "FX119", prefix+name.text+" does not name the data", "name it: "+prefix+name.text+" posts, or posts:{id} for the part under a key")
	}
}

// oneClass is the smallest fix for two classes.
func (c *claim) oneClass(other string) string {
	if a, b := c.class.text, other; a == "reads" && b == "writes" || a == "writes" && b == "reads" {
		return "keep //fluxo:writes and name on its line the data that is read too, or split the function"
	}
	return "keep the line that is true, and remove the other"
}

// argument reads one field of a class line: a word, or a name of data.
func (c *claim) argument(class, a field) {
	name, value, has := a.split()
	_, isWord := words[name]
	switch {
	case isWord:
		c.word(field{name, a.pos}, value, has)
	case (class.text == "reads" || class.text == "writes") && !has:
		c.keys = append(c.keys, a)
	case has || nearest(name, keys(words)) != "":
		c.unknown(field{name, a.pos}, "", keys(words))
	default:
		c.report(a.pos, a.end(), "FX119", prefix+class.text+" takes no "+a.text, "remove "+a.text)
	}
}

// wordLine reads a word that stands on a line of its own: //fluxo:timeout 2s.
func (c *claim) wordLine(d directive) {
	if len(d.args) == 0 {
		c.word(d.name, field{pos: d.name.end()}, false)
		return
	}
	value := d.args[0]
	c.word(d.name, value, true)
	for _, a := range d.args[1:] {
		c.argument(d.name, a)
	}
}

func (c *claim) word(w, value field, has bool) {
	use := words[w.text]
	switch {
	case use.value == "" && has:
		c.report(value.pos, max(value.end(), value.pos+1), "FX119", w.text+" takes no value", "write "+w.text+" alone")
		return
	case use.value != "" && value.text == "":
		c.report(w.pos, w.end(), "FX119", w.text+" lacks its value", "write "+w.text+"="+use.value+", or "+prefix+w.text+" "+use.value+" on a line of its own")
		return
	}
	if _, twice := c.words[w.text]; twice {
		c.report(w.pos, w.end(), "FX120", w.text+" is given twice", "remove one of the two")
		return
	}
	c.words[w.text] = given{w, value}
}

// summary puts together what holds.
func (c *claim) summary() Summary {
	s := Summary{From: "directive"}
	c.checkRole()
	c.checkWords()
	for _, t := range c.triggers {
		s.Triggers = append(s.Triggers, triggerText(t))
	}
	switch {
	case c.isRaw():
		s.Role, s.Effects = StepRole, []graph.Effect{{Class: graph.Opaque}}
		return s
	case len(c.triggers) > 0:
		s.Role = FlowRole
		return s
	}
	s.Role = StepRole
	e := c.effect()
	c.acts(&s)
	switch c.class.text {
	case "pure":
		if len(e.Errors) > 0 {
			s.Effects = []graph.Effect{e}
		}
	case "observe":
		s.Role, s.Effects = Observer, []graph.Effect{e}
	case "context":
		s.Role = Extract
	case "local":
		s.Effects = []graph.Effect{e}
		s.Edits = handles(c.fn.Signature())
	default:
		s.Effects = []graph.Effect{e}
	}
	return s
}

func triggerText(d directive) string {
	text := d.name.text
	for _, a := range d.args {
		text += " " + a.text
	}
	return text
}

// effect is the promise of the class line and the words that only permit.
func (c *claim) effect() graph.Effect {
	e := graph.Effect{Class: graph.Opaque}
	if class, ok := classes[c.class.text]; ok {
		e.Class = class
	}
	if c.age.pos != token.NoPos {
		e.For = c.duration("volatile", c.age)
	}
	e.Within = c.durationOf("within")
	e.OnError = c.durationOf("onerror")
	e.Errors = c.errorKinds()
	e.Idempotent, e.Deferrable, e.Unordered = c.has("idempotent"), c.has("deferrable"), c.has("unordered")
	for _, k := range c.keys {
		if key, ok := c.dataKey(k); ok {
			e.Data = append(e.Data, key)
		}
	}
	if (e.Class == graph.Reads || e.Class == graph.Writes) && (len(e.Data) == 0 || len(e.Data) < len(c.keys)) {
		e = graph.Effect{Class: graph.Opaque} // reported above; until it is mended, nothing is known
	}
	return e
}

// acts sets the words that act, and the functions that words name.
func (c *claim) acts(s *Summary) {
	s.Timeout = c.durationOf("timeout")
	s.Retry = c.number("retry", maxRetry)
	s.Limit = c.number("limit", maxLimit)
	if b, ok := c.words["batch"]; ok && c.batchFits(b.value) {
		s.Batch = b.value.text
	}
}

func (c *claim) has(w string) bool { _, ok := c.words[w]; return ok }

// handles lists the parameters that a declared local step may change: every
// one that is not data.
func handles(sig *types.Signature) []int {
	var list []int
	if r := sig.Recv(); r != nil && IsHandle(r.Type()) {
		list = append(list, Receiver)
	}
	for i := range sig.Params().Len() {
		if t := sig.Params().At(i).Type(); IsHandle(t) && !isContext(t) {
			list = append(list, i)
		}
	}
	return list
}
