// Package store says what the store of a data folder keeps and promises. The
// store is the truth: the index and every report can be made again from it.
//
// It keeps blobs (the bytes that were read, by SHA-256), captures (which bytes
// stood where and when), records, the outcome of each stage for each document,
// the crawl frontier, people's corrections, the rule sets used, the ledger of
// obligations with those who subscribed to it, and a few named values.
//
// Contract of every implementation, proved by package storetest:
//   - Blobs and captures are written once. Reading a blob checks its hash.
//   - A call, or a whole Batch, happens entirely or not at all, whatever kills
//     the process. Doing the same work again changes nothing.
//   - One process writes (ErrLocked for the next), or many, as the implementation
//     says; many read, and reading never waits for writing.
//   - Revisions become visible in their order: who has seen one has seen, or can see,
//     all before it.
//   - Iterators run in a stable order, hold no lock between two steps, and may
//     be left at any time; the loop body may read and write.
//   - The store reads no clock. Times are given by the caller and kept to the
//     nanosecond in UTC; the zero time is kept as such.
//   - Strings are kept as valid UTF-8 without NUL, see [Clean].
//
// All methods may be called from several goroutines.
package store
