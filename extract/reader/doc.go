// Package reader turns the bytes of one published page or file into a
// [corpus.Text]: the clean body, its blocks, the facts that the page states
// about it, and a map from each character back to the bytes it came from.
//
// The steps are: find the media type (magic bytes, then content, then name),
// find the charset (byte-order mark, strictly valid UTF-8, declared, GB18030),
// let the reader of that type cut the text into lines of glyphs (characters
// that know their place), clean each line, and write the lines into the body
// while noting blocks and map. Nothing is guessed away: furniture inside a text
// stays in the body as blocks of kind outside; what is dropped or repaired is
// counted in Noise. All knowledge about pages is in rules/page.toml, about
// damaged characters in rules/noise.toml.
//
// Reading is deterministic and pure: no network, clock or log. Time and memory
// are linear in the size of the input.
package reader
