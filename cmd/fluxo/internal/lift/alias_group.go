package lift

// Groups of variables that an edit of one may change together.

import (
	"go/ast"
	"sort"
)

// rootVars returns the flow variables whose memory e may lead to. Where e
// starts at a variable inside the glue, those are all that share with it memory
// of the kind in question.
func (l *lifter) rootVars(e ast.Expr, memory *cells) []*Var {
	var all []*Var
	for _, o := range l.aliases.sources(e) {
		if v := l.flow.vars[o]; v != nil {
			all = with(all, v)
			continue
		}
		root := l.aliases.find(o)
		for _, v := range l.inOrder() {
			if l.aliases.find(v.Object) == root && l.memoryOf(v).changedBy(memory) {
				all = with(all, v)
			}
		}
	}
	return all
}

// memoryOf is what an edit elsewhere may change of v: what its value leads to, and v
// itself if something may point to it.
func (l *lifter) memoryOf(v *Var) *cells {
	c := cellsOf(v.Go)
	if l.addressed[v.Object] {
		c.pointed.Set(v.Go, true)
	}
	return c
}

// inOrder returns the variables of objects declared so far, in a stable order.
func (l *lifter) inOrder() []*Var {
	var all []*Var
	for s := l.scope; s != nil; s = s.Up {
		for _, v := range s.Vars {
			if v.Object != nil {
				all = append(all, v)
			}
		}
	}
	return all
}

// setAliases names the groups of variables that an edit of one may change
// together, each after its first variable. Variables that share memory which
// the flow does not edit need no group.
func (l *lifter) setAliases() {
	group := map[*Var]*Var{}
	find := func(v *Var) *Var {
		for group[v] != nil {
			v = group[v]
		}
		return v
	}
	for _, e := range l.edits {
		for _, v := range l.affected(e) {
			if a, b := find(e.v), find(v); a != b {
				group[a] = b
			}
		}
	}
	members := map[*Var][]*Var{}
	for _, v := range l.flow.Vars {
		members[find(v)] = append(members[find(v)], v)
	}
	for _, g := range members {
		sort.Slice(g, func(i, j int) bool { return g[i].ID < g[j].ID })
		for _, v := range g {
			if len(g) > 1 {
				v.Alias = string(g[0].ID)
			}
		}
	}
}

func indexOfVar(list []*Var, v *Var) int {
	for i, x := range list {
		if x == v {
			return i
		}
	}
	return -1
}

// An edit is a change in place of memory that a variable leads to.
type edit struct {
	v     *Var
	cells *cells
}

// affected returns the variables that share memory with e.v and may see the
// change; e.v is the first.
func (l *lifter) affected(e edit) []*Var {
	all := []*Var{e.v}
	if e.v.Object == nil {
		return all
	}
	root := l.aliases.find(e.v.Object)
	for _, s := range l.flow.Scopes {
		for _, v := range s.Vars {
			if v.Object == nil || l.aliases.find(v.Object) != root {
				continue
			}
			if v != e.v && l.memoryOf(v).changedBy(e.cells) {
				all = append(all, v)
			}
			for _, p := range v.Parts {
				if cellsOf(p.Go).changedBy(e.cells) {
					all = append(all, p)
				}
			}
		}
	}
	return all
}
