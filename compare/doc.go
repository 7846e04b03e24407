// Package compare sets what the records of several places say side by side: a
// [Matrix] of topics and places, a [Schedule] of deadlines, and the [Coverage]
// of a corpus. It is pure: the same records and options give the same result,
// there is no clock, and nothing is read or written. Package render turns the
// results into files.
//
// Contract: every value cites the words it came from ([Cite]); personal data
// (the contacts of a record) are replaced by ＊ in every word that leaves this
// package; "the text is whole and does not say", "the text is cut", "no record
// of this place" and "could not be read" are different [CellState] values.
//
// Organs are compared by their canonical kind, so that 区民政局 and 市民政局 agree,
// and deadlines by the last day on which they bind.
package compare
