// Package corpus holds the words of the domain: the documents that governments
// publish about the decoupling (脱钩) of industry associations and chambers of
// commerce, the clean text read from them, and the record of facts extracted
// from that text. It does no input or output.
//
// Offsets: inside Go every [Span] counts bytes of [Text.Body], half-open, on
// rune boundaries. In JSON every span counts Unicode code points of the same
// body, because the researchers' own tools (Python, R, a browser) count so.
// [Encode] and [Decode] are the only places where one becomes the other.
//
// Evidence: a fact is never stated without the words it came from. Whatever
// the extractor finds embeds [Evidence], and Body[Start:End] equals its Quote.
package corpus
