// Package replay sends recorded requests to a running service again, when they came or faster.
//
// Requests arrive as they did, whether or not those before them were answered, and their times count from when they were due: a
// service that stalls is charged for all who would have waited, not only for those whom a closed loop would
// have let in (coordinated omission, G. Tene, "How NOT to measure latency", 2013). How many are under way is
// bounded; where that or this machine delays requests, the outcome says by how much.
package replay
