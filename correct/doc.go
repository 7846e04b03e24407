// Package correct lays people's corrections over the records that the machine
// made, and keeps them.
//
// The record in the store stays what the rules made of the bytes. A correction
// stands beside it and is laid over it where the record is read: [Over] is that
// one place. A correction is anchored by the words it is about and what stands
// around them, so that it finds its fact again after another extraction, by
// other rules or from a new version of the page. Where the machine no longer has
// the fact, it stands as the person saw it; where the words are gone, the
// correction is reported as orphaned and changes nothing. None is ever lost:
// what is taken back is taken back by a correction of its own.
//
// [Service] makes corrections for the command line and the pages alike.
// docs/corrections.md tells all of it to users.
package correct
