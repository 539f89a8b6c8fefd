package effect

// Raw handlers: ordinary handlers of net/http that are served beside the flows, and that
// nobody looks into.

import (
	"go/types"
	"slices"
	"strings"
)

// methods are those that a raw handler may name; without one it answers all.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// raw checks the line of a raw handler; false if it cannot count.
func (c *claim) raw(d directive) bool {
	if c.fn.Signature().Recv() != nil || !isHandlerFunc(c.fn.Signature()) {
		c.cannot(d, "FX128", prefix+"raw stands on "+c.ident.Name+", which is no func(http.ResponseWriter, *http.Request)",
			"give it that form, without a receiver; or register the handler on a router of your own")
		return false
	}
	path := d.args[len(d.args)-1]
	if len(d.args) == 2 && !slices.Contains(methods, d.args[0].text) {
		fix := "write one of " + strings.Join(methods, ", ") + ", or leave it out for all"
		if upper := strings.ToUpper(d.args[0].text); slices.Contains(methods, upper) {
			fix = "write " + upper
		}
		c.report(d.args[0].pos, d.args[0].end(), "FX116", d.args[0].text+" is no method", fix)
		return false
	}
	return c.path(d, path)
}

// rawBeside reports a function that is to be read as a flow and not to be looked into.
func (c *claim) rawBeside() {
	raw, flow := -1, -1
	for i, t := range c.triggers {
		if t.name.text == "raw" {
			raw = i
		} else {
			flow = i
		}
	}
	if raw < 0 || flow < 0 {
		return
	}
	d, other := c.triggers[raw], c.triggers[flow].name.text
	c.cannot(d, "FX106", c.ident.Name+" is declared both a flow ("+other+") and a raw handler",
		"keep "+prefix+other+", which has Fluxo look into it, or "+prefix+"raw, which does not")
	c.triggers = slices.DeleteFunc(c.triggers, func(t directive) bool { return t.name.text == "raw" })
}

// isRaw reports whether all that starts the function is raw.
func (c *claim) isRaw() bool { return len(c.triggers) > 0 && c.triggers[0].name.text == "raw" }

// isHandlerFunc reports whether the signature is an http.HandlerFunc's.
func isHandlerFunc(sig *types.Signature) bool {
	return takesHTTP(sig) && sig.Results().Len() == 0 && sig.TypeParams().Len() == 0
}
