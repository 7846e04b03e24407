package query

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// Error says what is wrong with a query, and where.
type Error struct {
	Pos int    // code points before the place
	Msg string // in English, see In
	Fix string // a whole query that is perhaps what was meant; may be empty

	words words
}

// Error is the whole error in English.
func (e *Error) Error() string { return e.In("en") }

// In is the whole error in a language: zh, or English for any other.
func (e *Error) In(lang string) string {
	s := words{"query, character %d: %s", []any{e.Pos + 1, e.Words(lang)}}.in(lang)
	if e.Fix != "" {
		s += words{"; try: %s", []any{e.Fix}}.in(lang)
	}
	return s
}

// Words is what is wrong, without the place and what to try.
func (e *Error) Words(lang string) string {
	if e.words.format == "" {
		return e.Msg
	}
	return e.words.in(lang)
}

// words is a format and what stands in it, which may be words again.
type words struct {
	format string
	args   []any
}

// say makes words that can be said in every language.
func say(format string, args ...any) words { return words{format, args} }

func (w words) none() bool { return w.format == "" }

func (w words) in(lang string) string {
	args := make([]any, len(w.args))
	for i, a := range w.args {
		if inner, ok := a.(words); ok {
			a = inner.in(lang)
		}
		args[i] = a
	}
	format := w.format
	if lang == "zh" {
		if zh, ok := chinese()[format]; ok {
			format = zh
		}
	}
	return fmt.Sprintf(format, args...)
}

//go:embed errors.tsv
var errorWords string

// chinese are the formats of errors in Chinese by those in English.
var chinese = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(errorWords) {
		if en, zh, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok && !strings.HasPrefix(line, "#") {
			out[en] = zh
		}
	}
	return out
})
