package diag

// The table of rules. Codes are never used again for something else.

var rules = map[Code]Rule{}
