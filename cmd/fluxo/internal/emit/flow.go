package emit

// A flow: its slot, its dispatcher under the old name, its frames, and the
// registration of its graph with the code of every node and variable.

import (
	"fmt"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
	"fluxo.dev/fluxo/graph"
)

// A flowPrinter prints one flow.
type flowPrinter struct {
	*File
	pkg  *lift.Package
	flow *lift.Flow
	dir  string // of the author's files, for line directives

	base   string // ends the names of the flow's declarations: "Server_Page"
	params string // type parameters, declared: "[T any]"
	args   string // and used: "[T]"

	fields map[*lift.Var]string
	types  map[types.Object]string // types declared in the body → their names outside
	marks  *marks                  // nil where coverage is not asked for
}

// Flow prints a flow. dir is where the author's files lie, for the lines in
// stack traces; empty where base names are enough.
func (f *File) Flow(pkg *lift.Package, flow *lift.Flow, dir string) {
	f.Takeover(flow.Decl)
	p := &flowPrinter{File: f, pkg: pkg, flow: flow, dir: dir, base: flowBase(flow.Func)}
	sig := flow.Func.Signature()
	p.params, p.args = f.typeParams(sig.TypeParams())
	if sig.RecvTypeParams().Len() > 0 {
		p.params, p.args = f.typeParams(sig.RecvTypeParams())
	}
	if f.Coverage {
		p.marks = newMarks(pkg, flow)
	}
	p.nameFields()
	p.localTypes()
	p.frames()
	p.dispatcher()
	p.register()
}

// flowBase is what names of the flow's declarations end in.
func flowBase(fn *types.Func) string {
	if r := fn.Signature().Recv(); r != nil {
		if n, ok := deref(r.Type()).(*types.Named); ok {
			return n.Obj().Name() + "_" + fn.Name()
		}
	}
	return fn.Name()
}

// nameFields gives every variable a field of its scope's frame.
func (p *flowPrinter) nameFields() {
	p.fields = map[*lift.Var]string{}
	for _, s := range p.flow.Scopes {
		taken := map[string]bool{"fluxoReturn": true}
		for _, v := range s.Vars {
			name := strings.ReplaceAll(string(v.ID), ".", "")
			if v.Role != graph.Local && v.Role != graph.Param {
				name = strings.Replace(string(v.ID), "out.", "out", 1)
			}
			for taken[name] {
				name += "_"
			}
			taken[name] = true
			p.fields[v] = name
		}
	}
}

// frameType names the frame of a scope: "fluxoFrame_Page", with a number for a loop's.
func (p *flowPrinter) frameType(s *lift.Scope) string {
	return p.frameName(s) + p.args
}

func (p *flowPrinter) frameName(s *lift.Scope) string {
	for i, x := range p.flow.Scopes {
		if x == s && i > 0 {
			return fmt.Sprintf("fluxoFrame_%s_%d", p.base, i)
		}
	}
	return "fluxoFrame_" + p.base
}

// localTypes declares the types of the body once more, outside: frames hold
// values of them.
func (p *flowPrinter) localTypes() {
	p.types = map[types.Object]string{}
	for i, t := range p.flow.Types {
		p.types[t] = fmt.Sprintf("fluxoType_%s_%s", p.base, t.Name())
		for _, before := range p.flow.Types[:i] {
			if before.Name() == t.Name() {
				p.types[t] = fmt.Sprintf("fluxoType_%s_%s_%d", p.base, t.Name(), i)
			}
		}
	}
	for _, t := range p.flow.Types {
		if p.params == "" && !t.IsAlias() {
			p.pkg.Values.Rename(t, p.types[t])
		}
		eq := ""
		if t.IsAlias() {
			eq = "= "
		}
		p.Add("type %s%s %s%s\n", p.types[t], p.params, eq, p.typ(t.Type().Underlying()))
	}
}

// frames declares a struct for each scope, and the method by which glue returns.
func (p *flowPrinter) frames() {
	for _, s := range p.flow.Scopes {
		var b strings.Builder
		fmt.Fprintf(&b, "type %s%s struct {\n", p.frameName(s), p.params)
		for _, v := range s.Vars {
			fmt.Fprintf(&b, "%s %s\n", p.fields[v], p.typ(v.Go))
		}
		p.Add("%s}\n", b.String())
	}
	if len(p.flow.Results) == 0 {
		return
	}
	self := value.Local("f")
	var params, fields, names []string
	for i, v := range p.flow.Results {
		name := value.Local(fmt.Sprintf("out%d", i))
		params = append(params, name+" "+p.typ(v.Go))
		fields = append(fields, self+"."+p.fields[v])
		names = append(names, name)
	}
	p.Add("func (%s *%s) fluxoReturn(%s) %s.Exit {\n%s = %s\nreturn %[4]s.Return\n}\n",
		self, p.frameType(p.flow.Scopes[0]), strings.Join(params, ", "), p.Runtime(),
		strings.Join(fields, ", "), strings.Join(names, ", "))
}

// register prints the init function; for a generic flow one that makes its graph known,
// and the function that makes the program of an instance.
func (p *flowPrinter) register() {
	var b strings.Builder
	rt := p.Runtime()
	text := quote(p.flow.Graph.String())
	if p.params != "" {
		constant := "fluxoGraph_" + p.base
		p.Add("const %s = %s\n", constant, text)
		p.Add("func init() {\n%s.RegisterGeneric(%[1]s.ABI1, %s)\n}\n", rt, constant)
		text = constant
	}
	fmt.Fprintf(&b, "%s.Program{\nGraph: %s,\nFrames: []%s.FrameCode{\n", rt, text, rt)
	for _, s := range p.flow.Scopes {
		fmt.Fprintf(&b, "%s.FrameOf[%s](),\n", rt, p.frameType(s))
	}
	fmt.Fprintf(&b, "},\nNodes: []%s.Code{\n", rt)
	p.block(&b, p.flow.Graph.Body, p.flow.Scopes[0])
	fmt.Fprintf(&b, "},\nVars: []%s.Var{\n", rt)
	for _, v := range p.flow.Vars {
		b.WriteString(p.variable(v))
	}
	b.WriteString("},\n")
	if p.flow.NoPool {
		b.WriteString("NoPool: true,\n")
	}
	b.WriteString("}")
	if p.params != "" {
		p.Add("func fluxoProgram_%s%s() %s.Program {\nreturn %s\n}\n", p.base, p.params, rt, b.String())
		return
	}
	p.Add("func init() {\n%s.Register(%[1]s.ABI1, &fluxoSlot_%s, %s)\n}\n", rt, p.base, b.String())
}

// quote prints s as a raw string where that is possible, for readers.
func quote(s string) string {
	if strings.Contains(s, "\r") {
		return fmt.Sprintf("%q", s)
	}
	return "`" + strings.ReplaceAll(s, "`", "` + \"`\" + `") + "`"
}

// block prints the code of the nodes of b, which run on frames of scope s.
func (p *flowPrinter) block(b *strings.Builder, body *graph.Block, s *lift.Scope) {
	for _, n := range body.Nodes {
		fmt.Fprintf(b, "{ // %s\n%s},\n", n.ID, p.node(n, s))
		inside := s
		if n.Kind.IsLoop() {
			inside = p.scopeOf(n)
		}
		for _, in := range n.Blocks {
			p.block(b, in, inside)
		}
	}
}

func (p *flowPrinter) scopeOf(loop *graph.Node) *lift.Scope {
	for _, s := range p.flow.Scopes {
		if s.Loop == loop {
			return s
		}
	}
	panic("bug: loop " + string(loop.ID) + " has no scope")
}

// variable prints the code of one variable.
func (p *flowPrinter) variable(v *lift.Var) string {
	frame := p.frameType(v.In)
	field := p.fields[v]
	if v.Of != nil {
		field = p.fields[v.Of] + "." + v.Path
	}
	access := value.Text("$vars.(*%s).%s", frame, field)
	var b strings.Builder
	b.WriteString(value.Text("{ // %s\nMove: func($dst, $src any) { $dst.(*%s).%s = $src.(*%s).%s },\n", v.ID, frame, field, frame, field))
	code := p.valueCode(v, access)
	for _, part := range []struct{ name, text string }{{"Key", code.Key}, {"Save", code.Save}, {"Load", code.Load}} {
		if part.text != "" {
			fmt.Fprintf(&b, "%s: %s,\n", part.name, part.text)
		}
	}
	if code.Flat {
		b.WriteString("Flat: true,\n")
	}
	b.WriteString("},\n")
	return b.String()
}
