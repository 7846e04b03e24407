// Package places knows the divisions of China from province to county, as GB/T
// 2260 numbers them, with the years in which each name was valid.
//
// The table (places.tsv, made by corpus/places/gen) has one row for each name a
// code ever had since 1980: code, name, first and last year. Years are
// inclusive and the year of a change belongs to both sides: 襄樊市 until 2010,
// 襄阳市 from 2010. Level and parent follow from the code. Zones (经开区) and
// invented places are no part of it; [Table.With] adds them from a table of the
// same form.
//
// Names repeat (鼓楼区 four times), so every look-up by name gives all places
// that bear it, in a fixed order: level from province down, then code.
// [Table.Find] reads names in running text, with the words of words.tsv to tell
// 佛山市 from 佛山市场. Nothing here guesses.
//
// A year of 0 everywhere means today's table. A [Table] never changes and is
// safe for concurrent use.
package places
