package main

import (
	"context"
	"errors"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/extract/reader"
)

// opener gives the reader the files that a page links to.
type opener = func(corpus.Link) (reader.Input, bool)

// beside opens the files of a saved page: those of the link's name in the page's
// own folder.
func beside(page string) opener {
	return func(l corpus.Link) (reader.Input, bool) {
		u, err := url.Parse(l.URL)
		if err != nil {
			return reader.Input{}, false
		}
		name := path.Base(u.Path)
		if !filepath.IsLocal(name) || name == filepath.Base(page) {
			return reader.Input{}, false
		}
		data, err := readFile(filepath.Join(filepath.Dir(page), name))
		return reader.Input{Data: data, Name: name, URL: l.URL}, err == nil
	}
}

// kept opens the files that were crawled.
func (k *knowledge) kept(ctx context.Context, s store.Reader) opener {
	return k.keptOr(ctx, s, new(error))
}

// keptOr opens the files that were crawled. What hinders the store from giving one is
// told in trouble: without the file the record would be another one.
func (k *knowledge) keptOr(ctx context.Context, s store.Reader, trouble *error) opener {
	found := func(err error) bool {
		if err != nil && !settled(err) && *trouble == nil {
			*trouble = err
		}
		return err == nil
	}
	return func(l corpus.Link) (reader.Input, bool) {
		address := crawler.CleanURL(l.URL, k.web)
		if strings.HasPrefix(l.URL, "file:///") { // of a saved page without an address
			address = l.URL
		}
		if address == "" {
			return reader.Input{}, false
		}
		c, err := s.Latest(ctx, corpus.IDOf(address, ""))
		if !found(err) {
			return reader.Input{}, false
		}
		data, err := s.Blob(ctx, c.SHA256)
		return reader.Input{Data: data, Name: path.Base(address), URL: c.URL, Type: c.Type}, found(err)
	}
}

// settled reports whether an error of the store is one that would be the same again: it
// tells of what is kept, and not of the way to it.
func settled(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrCorrupt)
}
