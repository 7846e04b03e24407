// Package opensearch keeps the search index in an OpenSearch cluster. It answers
// every query as the index in a folder does: the same hits, counts, facets,
// snippets and scores; package indextest/enginetest holds both to it.
//
// How. OpenSearch gets our own tokens, apart by spaces, so no analyzer of its own
// and no plugin matters. Each title and body is folded as package index folds it
// and written as its pairs of neighbouring characters, marks and line ends among
// them. A text of a query is the phrase of its pairs, which stands exactly where
// the text does; one character is a term of the characters. Facts are keyword
// fields under k. Ranking is a bool query whose clauses add what package index
// adds; package index then scores what is shown once more, because Lucene counts
// in 24 bits. Units are found as there: OpenSearch says which documents may hold
// one, package index looks at them.
//
// An index is the alias Config.Name of one index Name-TIME. Its mapping's _meta has
// what it was made from. A rebuild fills a new one and moves the alias. Nothing is
// seen before the refresh with which a write ends; one writer at a time.
package opensearch
