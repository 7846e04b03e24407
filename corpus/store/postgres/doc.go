// Package postgres is the store of a data set that many processes on many hosts
// write, in one schema of a PostgreSQL database (by default the schema tuogou).
//
// It keeps what package sqlite keeps, in the same form: blobs compressed with zstd
// where that helps, records as the very text that was put, times as text with
// nanoseconds. What differs is that several may write:
//
//   - A batch is one transaction. Those that stand in each other's way (a deadlock)
//     are run again from the start, so fn must bear that.
//   - Revisions are given at the end of a transaction, under the lock of one row that
//     is held until the commit: so they become visible in their order, and who reads
//     what changed after a revision never misses one that was committed late.
//   - Each opened store is a writer with a lease, renewed every ten seconds. Targets
//     that a writer claimed are pending again when it is closed, or thirty seconds
//     after it was last heard of, by the clock of the database.
//   - Keys are compared byte by byte, whatever the locale, so that everything comes in
//     the order that SQLite gives.
//
// A migration is migrations/NNNN_name.sql, run in one transaction with the change of
// the version to NNNN, under a lock, so that many processes may start at once.
package postgres
