// Package memo is the bounded in-memory store of results: the one place where
// the engine keeps what regions of a graph computed, under one budget of bytes.
//
// # Policy
//
// Eviction follows S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues are All
// You Need for Cache Eviction", SOSP 2023): a small queue through which every
// new entry passes, a main queue for what proved to be used again, and a ghost
// queue that remembers the hashes of what left the small one unused. A hit only
// raises a counter of the entry, never moves it; so hits take no lock.
//
// Three things are added to the paper:
//
//   - Size: queues are measured in bytes.
//   - Expiry: an entry past its time is a miss, goes first when eviction meets
//     it, and is looked for by a hand that passes a few slots on every Put.
//   - Cost: see policy.go.
//
// # Determinism
//
// The same calls under the same clock give the same hits, misses and evictions,
// in every process: there is no goroutine, timer, random seed or dependence on
// the number of processors here. A simulator runs this very code.
//
// # Bounds
//
// Bytes include keys and bookkeeping (see overhead). An entry larger than
// half of its shard is refused; a hash chain has at most maxChain entries,
// so that keys chosen to collide crowd out each other and slow down nobody.
package memo
