//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"codeberg.org/readeck/go-readability/v2"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/index"
	"tuogou/index/indextest"
	"tuogou/rules"
	"tuogou/segment"
)

// child does one work in this process.
func child(work string, o options) error {
	switch work {
	case "build":
		return build(o)
	case "ask", "warm":
		return ask(o, work == "warm")
	case "body":
		return eachPage(o, ourBody())
	case "readability":
		return eachPage(o, theirBody)
	case "records":
		return records(o)
	case "words":
		return words(o)
	}
	return fmt.Errorf("unknown work %q", work)
}

func build(o options) error {
	words := segment.New(segment.Options{CacheDir: filepath.Join(o.dir, "words")})
	if err := words.Load(); err != nil {
		return err
	}
	_, err := index.Rebuild(context.Background(), filepath.Join(o.dir, "ours"), index.Build{Segmenter: words}, func(yield func(*corpus.Record, error) bool) {
		for i := range o.docs {
			if !yield(indextest.Record(i, size, seed), nil) {
				return
			}
		}
	})
	return err
}

// answers is what a process that asks prints.
type answers struct {
	Counts []int     `json:"counts"`
	First  []float64 `json:"first"` // milliseconds a query, the first time
	Warm   []float64 `json:"warm"`  // and again in the same process
}

func ask(o options, warm bool) error {
	ix, _, err := index.Open(filepath.Join(o.dir, "ours"), index.Fingerprint{}, index.Options{})
	if err != nil {
		return err
	}
	defer ix.Close()
	var out answers
	for _, times := range []*[]float64{&out.First, &out.Warm} {
		if times == &out.Warm && !warm {
			break
		}
		out.Counts = nil
		for _, q := range indextest.Asks() {
			at := time.Now()
			r, err := ix.Search(context.Background(), index.Query{Text: q.Text})
			if err != nil {
				return err
			}
			*times = append(*times, float64(time.Since(at).Microseconds())/1000)
			out.Counts = append(out.Counts, r.Total)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// eachPage reads all pages with one reader.
func eachPage(o options, read func([]byte) error) error {
	names, err := filepath.Glob(filepath.Join(o.dir, "pages", "*.html"))
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := read(data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func ourBody() func([]byte) error {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		return func([]byte) error { return err }
	}
	r := reader.New(set.Page)
	return func(data []byte) error {
		_, err := r.Read(reader.Input{Data: data, Name: "page.html"})
		return err
	}
}

func theirBody(data []byte) error {
	article, err := readability.FromReader(bytes.NewReader(data), &url.URL{Scheme: "http", Host: "site.example"})
	if err != nil {
		return err
	}
	return article.RenderText(&bytes.Buffer{})
}

// eachText calls do with the body of each text.
func eachText(o options, do func(string)) error {
	f, err := os.Open(filepath.Join(o.dir, "texts.jsonl"))
	if err != nil {
		return err
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReader(f))
	for d.More() {
		var row []any
		if err := d.Decode(&row); err != nil {
			return err
		}
		body, ok := row[2].(string)
		if !ok {
			return fmt.Errorf("no text in %v", row[0])
		}
		do(body)
	}
	return nil
}

// records makes whole records of the texts, times and all else.
func records(o options) error {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		return err
	}
	x, err := extract.New(set, places.Default(), nil)
	if err != nil {
		return err
	}
	r := reader.New(set.Page)
	return eachText(o, func(body string) {
		t, e := r.Read(reader.Input{Data: []byte(body), Name: "text.txt"})
		if e != nil {
			err = e
			return
		}
		x.Extract(corpus.Source{}, t, extract.Options{})
	})
}

func words(o options) error {
	j := segment.New(segment.Options{CacheDir: filepath.Join(o.dir, "words")})
	if err := j.Load(); err != nil {
		return err
	}
	return eachText(o, func(body string) { j.Cut(body) })
}
