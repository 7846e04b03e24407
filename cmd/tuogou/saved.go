package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tuogou/index"
)

// savedFile holds the kept searches, in the data folder.
const savedFile = "searches.json"

// savedSearch is a search that was kept under a name.
type savedSearch struct {
	Query string          `json:"query"`
	Unit  index.UnitKind  `json:"unit"`
	Sort  index.Sort      `json:"sort"`
	Run   string          `json:"run"`  // when its hits were last noted; RFC 3339
	Seen  map[string]bool `json:"seen"` // documents, or document#unit
}

// keeper runs a kept search and notes what it has shown.
type keeper struct {
	path  string
	all   map[string]*savedSearch
	entry *savedSearch
	seen  map[string]bool // after this run
}

func (a *app) readSaved() (string, map[string]*savedSearch, error) {
	dir, err := a.dir()
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, savedFile)
	all := map[string]*savedSearch{}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, all, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		return "", nil, fmt.Errorf("kept searches %s: %w", path, err)
	}
	return path, all, nil
}

func (a *app) listSaved() error {
	_, all, err := a.readSaved()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		if a.json {
			if err := a.printJSON(map[string]any{"name": name, "query": s.Query, "unit": s.Unit, "seen": len(s.Seen), "run": s.Run}); err != nil {
				return err
			}
			continue
		}
		a.print("%s\t%s\n", name, strings.Join(nonEmpty(s.Query, string(s.Unit)), "  --unit "))
	}
	return nil
}

// keeping puts a kept search, and the day of --since, into q. The result is nil
// where nothing is to be noted.
func (a *app) keeping(q *asking) (*keeper, error) {
	var k *keeper
	if q.save != "" || q.saved != "" {
		path, all, err := a.readSaved()
		if err != nil {
			return nil, err
		}
		k = &keeper{path: path, all: all, seen: map[string]bool{}}
		if err := k.choose(q); err != nil {
			return nil, err
		}
		k.entry.Run = a.Now().UTC().Format(time.RFC3339)
	}
	if q.since != "" && q.since != "last" {
		if _, err := time.Parse(time.DateOnly, q.since); err != nil {
			return nil, usage("--since %q is neither a day (YYYY-MM-DD) nor last", q.since)
		}
		q.Text = strings.TrimSpace("(" + q.Text + ") fetched:" + q.since + "..")
		q.Text = strings.TrimSpace(strings.TrimPrefix(q.Text, "()"))
	}
	if q.since != "last" && q.save == "" {
		return nil, nil
	}
	return k, nil
}

func (k *keeper) choose(q *asking) error {
	if q.save != "" {
		k.entry = &savedSearch{Query: q.Text, Unit: q.Unit, Sort: q.Sort, Seen: map[string]bool{}}
		k.all[q.save] = k.entry
		return nil
	}
	k.entry = k.all[q.saved]
	if k.entry == nil {
		names := strings.Join(slices.Sorted(maps.Keys(k.all)), ", ")
		return usage("no search is kept as %q; there are: %s", q.saved, names)
	}
	q.Text = strings.TrimSpace(k.entry.Query + " " + q.Text)
	q.Unit, q.Sort = k.entry.Unit, k.entry.Sort
	return nil
}

// fresh reports whether the search has not shown h before, and notes it.
func (k *keeper) fresh(h index.Hit) bool {
	key := string(h.Doc)
	if h.Unit != nil {
		key += "#" + h.Unit.ID
	}
	k.seen[key] = true
	return !k.entry.Seen[key]
}

// write keeps the search. It is replaced in one step, so that a kill leaves the
// old file or the new one.
func (k *keeper) write() error {
	maps.Copy(k.entry.Seen, k.seen)
	data, err := json.MarshalIndent(k.all, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(k.path), ".searches-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), k.path)
}
