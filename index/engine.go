package index

import (
	"context"
	"iter"

	"tuogou/corpus"
)

// Reader is an index opened for reading, whatever engine keeps it. It is safe for
// concurrent use. [Index] is the reader of a folder; package indextest/enginetest
// says what every reader must do.
type Reader interface {
	// Search answers q; see [Index.Search].
	Search(ctx context.Context, q Query) (Result, error)
	// Each calls f for every hit; see [Index.Each].
	Each(ctx context.Context, q Query, f func(Hit) bool) (Result, error)
	// State says how what is open relates to what is wanted.
	State(want Fingerprint) State
	// Fingerprint is what the index was made from.
	Fingerprint() Fingerprint
	// Count is the number of documents.
	Count() int
	// Refresh goes over to what was written last, and reports whether that is newer.
	Refresh() (bool, error)
	Close() error
}

// Home is where an index is kept: a folder, or a server.
type Home interface {
	// Open opens the index; see the function of that name. The reader is nil
	// exactly where the state is Missing, Corrupt or Schema.
	Open(want Fingerprint, o Options) (Reader, State, error)
	// Rebuild replaces the index by one of records and returns their number. The
	// old one answers until the new one is whole, and stays where Rebuild fails.
	Rebuild(ctx context.Context, b Build, records iter.Seq2[*corpus.Record, error]) (int, error)
	// Update changes the index that is there. Done twice it has the effect of once.
	Update(ctx context.Context, b Build, c Changes) (int, error)
	// String says where it is, for people.
	String() string
}

// Folder is the home of an index in a folder of the file system.
type Folder string

var _ Home = Folder("")

// Open implements [Home].
func (f Folder) Open(want Fingerprint, o Options) (Reader, State, error) {
	ix, state, err := Open(string(f), want, o)
	if ix == nil {
		return nil, state, err
	}
	return ix, state, err
}

// Rebuild implements [Home].
func (f Folder) Rebuild(ctx context.Context, b Build, records iter.Seq2[*corpus.Record, error]) (int, error) {
	return Rebuild(ctx, string(f), b, records)
}

// Update implements [Home].
func (f Folder) Update(ctx context.Context, b Build, c Changes) (int, error) {
	return Update(ctx, string(f), b, c)
}

// String implements [Home].
func (f Folder) String() string { return string(f) }
