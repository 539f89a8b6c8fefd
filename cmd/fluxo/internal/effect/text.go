package effect

// Effects in the words of the language, for tests and messages.

import (
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
)

// effectText writes e as a directive would.
func effectText(e graph.Effect) string {
	text := "?"
	for name, class := range classes {
		if class == e.Class {
			text = name
		}
	}
	if e.Class == graph.Volatile {
		text += " " + short(e.For)
	}
	for _, k := range e.Data {
		text += " " + keyText(k)
	}
	for _, w := range []struct {
		name string
		d    time.Duration
	}{{"within", e.Within}, {"onerror", e.OnError}} {
		if w.d > 0 {
			text += " " + w.name + "=" + short(w.d)
		}
	}
	if len(e.Errors) > 0 {
		text += " errors=" + strings.Join(e.Errors, ",")
	}
	for _, w := range []struct {
		name string
		set  bool
	}{{"idempotent", e.Idempotent}, {"deferrable", e.Deferrable}, {"unordered", e.Unordered}} {
		if w.set {
			text += " " + w.name
		}
	}
	if e.Hidden != "" {
		text += " hidden(" + e.Hidden + ")"
	}
	return text
}

func keyText(k graph.DataKey) string {
	text := k.Name
	for _, p := range k.Parts {
		if lit, ok := strings.CutPrefix(p, "="); ok {
			text += ":" + lit
		} else {
			text += ":{" + p + "}"
		}
	}
	return text
}

// short writes a duration without units of nothing: 10m, not 10m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}
