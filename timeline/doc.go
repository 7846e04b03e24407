// Package timeline turns the deadlines of records into obligations that other
// systems can follow for years: each with a uid that survives new extraction, new
// crawling and new rules, and with a log of all that happened to it.
//
// Identity. Deadlines are read from all records ([Read]); copies of one document
// give one. They are then led to the obligations of the ledger by what they say:
// the work (its number, its title and place, its documents), the clause, the task
// and the sentence, without dates and figures ([Update]). So a date that moves is a
// change of an obligation and not another one. Only where nothing fits is an
// obligation new, and what fits nothing is withdrawn, never deleted; it comes back
// under its old uid.
//
// Everything is pure but [Load] and [Since], which read the ledger of a store. The
// clock, where one is needed, is given.
package timeline
