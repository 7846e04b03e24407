// Package render writes what package compare found: a table for the terminal,
// Markdown, CSV, JSON, a calendar (iCalendar, RFC 5545) and one self-contained
// HTML report. Writers are functions of the result and an [Options]; they read
// no clock and the same input gives the same bytes.
//
// Tables come in between: MatrixTable, TimelineTable and CoverageTable turn a
// result into a [Table] for people, MatrixRows into one for machines, and
// WriteText, WriteMarkdown and WriteCSV write any table. Another format needs
// one more function over Table.
package render
