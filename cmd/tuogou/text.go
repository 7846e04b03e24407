package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"tuogou/corpus"
)

func (a *app) textCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "text ID|FILE",
		Short: "Print the clean text of a document or file",
		Long: `text prints the text that a record's spans count in. With --json it prints one
object: the body, what the page says of its document, each block with its page
and the bytes it was read from, the outline, links, parts, noise and problems.
Offsets of the body count code points; those of sources count bytes.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou text notice.html\n  tuogou text --json plan.pdf | jq '.problems'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, r, err := a.textOf(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			raw := r
			r = a.printable(r)
			if !a.json {
				a.print("%s\n", r.Text.Body)
				for _, p := range r.Problems {
					a.tell("%s: %s", p.ID, p.Message)
				}
				return nil
			}
			line, err := textJSON(t, raw, r)
			if err != nil {
				return err
			}
			a.print("%s\n", line)
			return nil
		},
	}
}

// textOf reads a file, or the bytes that are kept of a document, with its record.
func (a *app) textOf(ctx context.Context, name string) (*corpus.Text, *corpus.Record, error) {
	k, err := a.knowledge()
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(name); err == nil {
		data, err := readFile(name)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %s", name, reason(err))
		}
		return k.readText(corpus.Capture{Path: filepath.Base(name), SHA256: corpus.HashBytes(data)}, data, beside(name), noOptions)
	}
	r, err := a.find(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.Latest(ctx, r.ID)
	if err != nil {
		return nil, nil, err
	}
	data, err := s.Blob(ctx, c.SHA256)
	if err != nil {
		return nil, nil, err
	}
	return k.readText(c, data, k.kept(ctx, s), noOptions)
}

// textView is the JSON form of a text.
type textView struct {
	Source    corpus.Source    `json:"source"`
	Body      string           `json:"body"`
	Truncated bool             `json:"truncated"`
	Why       string           `json:"why,omitempty"`
	Meta      []metaView       `json:"meta"`
	Blocks    []blockView      `json:"blocks"`
	Outline   []corpus.Section `json:"outline"`
	Parts     []corpus.Part    `json:"parts"`
	Links     []corpus.Link    `json:"links"`
	Noise     []corpus.Noise   `json:"noise"`
	Problems  []corpus.Problem `json:"problems"`
}

// metaView is one fact that the page states about its document.
type metaView struct {
	Field corpus.Field `json:"field"`
	Value string       `json:"value"`
	Span  corpus.Span  `json:"span"`
}

type blockView struct {
	Kind   corpus.BlockKind `json:"kind"`
	Span   corpus.Span      `json:"span"`
	Page   int              `json:"page,omitempty"`
	Level  int              `json:"level,omitempty"`
	Table  int              `json:"table,omitempty"`
	Row    int              `json:"row,omitempty"`
	Col    int              `json:"col,omitempty"`
	Rows   int              `json:"rows,omitempty"`
	Cols   int              `json:"cols,omitempty"`
	Source []sourceView     `json:"source"`
}

// sourceView is a run of bytes: of a stream inside the file, or of the file.
type sourceView struct {
	Part   int    `json:"part"`
	Stream string `json:"stream,omitempty"`
	Page   int    `json:"page,omitempty"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// textJSON is the JSON form of t. raw is its record, r the same as it may be shown:
// where personal data is masked, characters differ and their number does not, so
// spans are those of raw and words those of r.
func textJSON(t *corpus.Text, raw, r *corpus.Record) ([]byte, error) {
	v := textView{Source: r.Source, Body: r.Text.Body, Truncated: t.Truncated, Why: t.Why,
		Parts: t.Parts, Links: t.Links, Noise: t.Noise}
	for i, s := range r.Outline {
		s.Span, s.Body = raw.Outline[i].Span, raw.Outline[i].Body
		v.Outline = append(v.Outline, s)
	}
	for i, p := range r.Problems {
		p.Span = raw.Problems[i].Span
		v.Problems = append(v.Problems, p)
	}
	shown := []rune(r.Text.Body)
	for _, b := range t.Blocks {
		if b.Kind == corpus.BlockMeta {
			start := utf8.RuneCountInString(t.Body[:b.Value.Start])
			end := start + utf8.RuneCountInString(b.Value.In(t.Body))
			v.Meta = append(v.Meta, metaView{b.Field, string(shown[start:end]), b.Value})
		}
		v.Blocks = append(v.Blocks, blockView{b.Kind, b.Span, b.Page, b.Level, b.Table, b.Row, b.Col, b.Rows, b.Cols, sources(t, b.Span)})
	}
	return corpus.EncodeWith(t.Body, v)
}

// sources are the bytes that s was read from.
func sources(t *corpus.Text, s corpus.Span) []sourceView {
	var out []sourceView
	for _, m := range t.Map.Source(s) {
		v := sourceView{Start: m.Start, End: m.End}
		if k, off, ok := t.StreamAt(m.Start); ok {
			v = sourceView{k.Part, k.Name, k.Page, off, off + m.Len()}
		}
		out = append(out, v)
	}
	return out
}
