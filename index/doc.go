// Package index finds records: every document that holds the words, counted
// exactly, ranked, with facets and highlighted snippets.
//
// How. Words from jieba alone lose hits (公示期 is glued to its neighbours), so
// matching does not rest on them. Title and body are folded (width, case,
// brackets) and indexed as pairs of neighbouring characters without positions.
// A term of one or two characters is answered by the postings alone; a longer
// one by intersecting its pairs, and then by looking into the stored text of
// the candidates that no whole word proves. Words rank. No dictionary is loaded
// to answer a query: its words are found in the index's own vocabulary.
//
// The index lives in bleve's scorch segments. They are read directly, not
// through bleve's searchers: sets of documents are intersected as bitmaps, so
// facets and counts cost almost nothing. Nothing is registered with bleve, and
// no type of it is exported.
//
// On disk: CURRENT names the generation folder in use. A generation is never
// changed once CURRENT names it: every write makes a new one (an update shares
// the unchanged files by hard links) and renames CURRENT, so readers, in this
// process or another, see all of a change or nothing. One writer at a time.
package index
