// Package sqlite is the store of one data folder on one machine, in one SQLite
// file, tuogou.db, beside a file named lock that the writing process holds.
//
// Blobs stand in the database too, compressed with zstd where that helps, and
// not as one file each. Safer: a blob, its capture and the document they
// belong to are one transaction, so there is no order of steps that a kill
// could break, and no torn file. Faster: 1,000 captured pages cost one flush
// instead of 1,000 (90 µs a page against 490 µs, of which 77 µs are zstd).
// Blobs are never deleted, so the file has no holes, and it is copied whole.
//
// The journal is a WAL with synchronous=FULL: what a put returned from is on
// the disk. A page may be gone from its site tomorrow and a correction is a
// person's work; in a Batch the flush is paid once, and a polite crawler waits
// far longer than a flush between two pages.
//
// A migration is migrations/NNNN_name.sql, run in one transaction with the
// change of user_version to NNNN.
package sqlite
