//go:build cgo

package segment

import (
	"runtime"
	"slices"

	"github.com/yanyiwu/gojieba"
)

// Available reports why this build cannot cut with jieba, or nil.
func Available() error { return nil }

type cppjieba struct{ *gojieba.Jieba }

func newEngine(dict, hmm, user, idf, stop string) (engine, error) {
	return cppjieba{gojieba.NewJieba(dict, hmm, user, idf, stop)}, nil
}

func (c cppjieba) cut(text string, base int, out []Token) []Token {
	words := c.Tokenize(text, gojieba.DefaultMode, true)
	out = slices.Grow(out, len(words))
	for _, w := range words {
		// Spaces are separators for jieba and come as words of their own.
		if w.Str != " " && w.Str != "\n" {
			out = append(out, Token{base + w.Start, base + w.End})
		}
	}
	// Without this the finalizer may free the dictionary during the call.
	runtime.KeepAlive(c.Jieba)
	return out
}
