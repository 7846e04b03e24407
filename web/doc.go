// Package web is the pages over a corpus: search, a document with its facts
// lit up in the text, the comparison of places, and the timeline. Pages are
// made on the server with html/template and need no script; each has a .json
// twin, and the timeline a calendar.
//
// Contract: only GET and HEAD; every value shown leads to the words it came
// from, at /doc/ID#sSTART-END in code points of the text; contacts (personal
// data) are masked in every answer; everything is escaped, and a source address
// becomes a link only where it is http or https. The handler keeps no state and
// may be used by many goroutines. Who may reach it is the caller's decision.
package web
