package store

import (
	"context"
	"fmt"
)

// Table is one table as every engine has it: the form in which a data set moves from
// one engine to another, with its histories, queues and numbers.
type Table struct {
	Name    string
	Key     []string // a row's identity, and the order of copying
	Columns []string // all of them, Key among them
	Truth   []string // those that are true or false
	Numbers string   // the key column whose numbers the engine gives itself; empty where there is none
	Page    int      // rows moved at once
}

// Tables are all tables in an order in which no row refers to one that comes later.
func Tables() []Table {
	return []Table{
		{Name: "blobs", Key: []string{"id"}, Columns: []string{"id", "hash", "size", "stored", "coding"}, Numbers: "id", Page: 500},
		{Name: "blob_data", Key: []string{"id"}, Columns: []string{"id", "data"}, Page: 32},
		{Name: "documents", Key: []string{"id"}, Columns: []string{"id", "host", "seen", "captures", "latest", "part_of", "parts"}, Page: 500},
		{Name: "captures", Key: []string{"doc", "seq"}, Page: 500, Columns: []string{"doc", "seq", "url", "final", "path", "fetched", "status", "type",
			"sha256", "size", "title", "number", "listed", "parent"}},
		{Name: "records", Key: []string{"id"}, Numbers: "id", Truth: []string{"on_topic"}, Page: 500, Columns: []string{"id", "doc", "rev", "made_from", "rules",
			"kind", "generation", "on_topic", "jurisdiction", "sha256", "parts"}},
		{Name: "record_data", Key: []string{"id"}, Columns: []string{"id", "json"}, Page: 100},
		{Name: "outcomes", Key: []string{"stage", "doc"}, Columns: []string{"stage", "doc", "outcome", "reason", "bytes", "rules", "at", "parts"}, Page: 500},
		{Name: "frontier", Key: []string{"id"}, Numbers: "id", Page: 500, Columns: []string{"id", "url", "host", "source", "kind", "depth", "priority", "due",
			"parent", "title", "number", "listed", "added", "round", "work", "state", "attempts", "outcome", "reason", "visited", "etag", "last_modified"}},
		{Name: "source_states", Key: []string{"source"}, Columns: []string{"source", "state"}, Page: 100},
		{Name: "corrections", Key: []string{"id"}, Page: 500, Columns: []string{"id", "doc", "action", "field", "anchor", "was", "want", "note", "by", "bytes", "at"}},
		{Name: "rule_sets", Key: []string{"hash"}, Columns: []string{"hash", "name", "data", "at"}, Page: 500},
		{Name: "ledger", Key: []string{"cursor"}, Columns: []string{"cursor", "uid", "sequence", "kind", "cause", "at", "data", "doc"}, Page: 200},
		{Name: "hooks", Key: []string{"id"}, Columns: []string{"id", "url", "secret", "query", "cursor", "failures", "error", "due", "at"}, Page: 500},
		{Name: "meta", Key: []string{"key"}, Columns: []string{"key", "value"}, Page: 50},
	}
}

// Movable is a store whose rows can be moved as they are.
type Movable interface {
	Store
	// ReadRows gives at most t.Page rows behind the key after (nil: from the first),
	// by their key.
	ReadRows(ctx context.Context, t Table, after []any) ([][]any, error)
	// WriteRows adds rows, all or none, and leaves those alone whose key is there.
	WriteRows(ctx context.Context, t Table, rows [][]any) error
	// Moved ends a move: the engine counts on from what was written.
	Moved(ctx context.Context) error
}

// Copy copies all rows of one store to another, which holds nothing, or what an
// earlier Copy of the same store left: it can be killed and run again. Nobody should
// write to either meanwhile. progress, where not nil, is told of each page.
func Copy(ctx context.Context, to, from Movable, progress func(table string, rows int)) error {
	for _, t := range Tables() {
		key := make([]int, 0, len(t.Key))
		for _, k := range t.Key {
			for i, c := range t.Columns {
				if c == k {
					key = append(key, i)
				}
			}
		}
		var after []any
		for {
			rows, err := from.ReadRows(ctx, t, after)
			if err == nil && len(rows) > 0 {
				err = to.WriteRows(ctx, t, rows)
			}
			if err != nil {
				return fmt.Errorf("copy %s: %w", t.Name, err)
			}
			if progress != nil {
				progress(t.Name, len(rows))
			}
			if len(rows) < t.Page {
				break
			}
			after = after[:0]
			for _, i := range key {
				after = append(after, rows[len(rows)-1][i])
			}
		}
	}
	return to.Moved(ctx)
}
