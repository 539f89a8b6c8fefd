package diag

// The table of rules, merged from one file for each room. Codes are never used
// again for something else.

var rules = map[Code]Rule{}

// register adds a room's rules: var _ = register([]Rule{…}).
func register(more []Rule) struct{} {
	for _, r := range more {
		if _, twice := rules[r.Code]; twice {
			panic("bug: two rules have the code " + string(r.Code))
		}
		rules[r.Code] = r
	}
	return struct{}{}
}
