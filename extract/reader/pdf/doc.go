// Package pdf reads PDF files, and pictures of pages, into lines.
//
// The engine is PDFium in WebAssembly: nothing has to be installed, and a file
// that makes it fail can hurt only its own sandbox, which has no file system,
// no network and a bound on its memory. Every file gets a sandbox of its own.
//
// A PDF does not hold a text; it places glyphs on pages. What a reader sees is
// put together again from their places: glyphs become visual lines, ruled
// grids become tables, what repeats at the edge of pages becomes running
// heads, and visual lines become paragraphs by indent, length and spacing, over
// the ends of pages too. Words never decide alone: a rule that knows the form
// of page numbers asks for their place as well.
//
// Each page is one stream, "page 3": the text as the engine gives it, in the
// order of drawing. A paragraph or cell that goes on over the end of a page has
// a stream of its own, "pages 3-4": its text from page 3, a form feed, its text
// from page 4. So a form feed in a stream is always the end of a page.
package pdf
