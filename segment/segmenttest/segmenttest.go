// Package segmenttest is the conformance test of segmenters, and a segmenter
// without a dictionary for the tests of others.
package segmenttest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"tuogou/segment"
)

// Segmenter is what is tested: [segment.Jieba] and [Fake] are such.
type Segmenter interface {
	Cut(string) []segment.Token
}

// Fake cuts the longest of its Words at each place, else single characters and
// runs of ASCII letters and digits. The zero value has no words. It is safe
// for concurrent use.
type Fake struct{ Words []string }

// Cut is the tokens of s.
func (f Fake) Cut(s string) []segment.Token {
	var out []segment.Token
	for _, t := range segment.Chars(s) {
		if n := len(out); n > 0 && t.Start < out[n-1].End {
			continue // covered by a word
		}
		for _, w := range f.Words {
			if strings.HasPrefix(s[t.Start:], w) && t.Start+len(w) > t.End {
				t.End = t.Start + len(w)
			}
		}
		out = append(out, t)
	}
	return out
}

// Fingerprint names the words.
func (f Fake) Fingerprint() string {
	w := slices.Sorted(slices.Values(f.Words))
	return "fake:" + strings.Join(w, ",")
}

// Check reports the first way in which tokens break the contract for s, or nil.
func Check(s string, tokens []segment.Token) error {
	at := 0
	for i, t := range tokens {
		switch {
		case t.Start < at || t.End <= t.Start || t.End > len(s):
			return fmt.Errorf("token %d is %d..%d after %d in a text of %d bytes", i, t.Start, t.End, at, len(s))
		case !utf8.ValidString(s[t.Start:t.End]):
			return fmt.Errorf("token %d %q cuts a character", i, s[t.Start:t.End])
		case strings.TrimFunc(s[t.Start:t.End], blank) != s[t.Start:t.End]:
			return fmt.Errorf("token %d %q begins or ends with white space", i, s[t.Start:t.End])
		}
		if err := allBlank(s, at, t.Start); err != nil {
			return err
		}
		at = t.End
	}
	return allBlank(s, at, len(s))
}

func allBlank(s string, from, to int) error {
	for i := from; i < to; {
		r, w := utf8.DecodeRuneInString(s[i:])
		if !blank(r) && (r != utf8.RuneError || w != 1) {
			return fmt.Errorf("no token covers %q at %d", r, i)
		}
		i += w
	}
	return nil
}

func blank(r rune) bool { return r == 0 || unicode.IsSpace(r) }

// Texts are inputs that segmenters have been seen to fail on, each under the
// reason.
var texts = []struct{ reason, text string }{
	{"empty", ""},
	{"only white space", " \n\t　\u00a0"},
	{"a plain sentence", "各级行政机关与其主办、主管、联系、挂靠的行业协会商会脱钩。"},
	{"an ideographic space before a paragraph", "　　一、总体要求\n　　坚持五分离。"},
	{"NUL, which ends the text in C", "机构分离\x00职能分离"},
	{"bytes that are not UTF-8, which empty it", "机构\xff\xfe分离\xe4\xb8"},
	{"an encoded surrogate", "资产\xed\xa0\x80财务"},
	{"four-byte characters", "𠮷林省𠀀脱钩"},
	{"document number", "示发〔2018〕50号"},
	{"full-width digits", "２０１８年１２月３１日前"},
	{"marks glued to unknown words", "《鿃鿄办法》“鿅”（鿆）"},
	{"Latin, digits, marks of ASCII", "AT&T v1.4.7, a_b 3.5% www.example.gov.cn"},
	{"combining marks and zero-width", "e\u0301协\u200b会\ufeff"},
	{"traditional characters", "行業協會商會與行政機關脫鉤"},
	{"one character", "会"},
	{"replacement character, which is valid", "机构\ufffd分离"},
}

// Run tests that s keeps the contract of package segment.
func Run(t *testing.T, s Segmenter) {
	t.Helper()
	for _, c := range texts {
		t.Run(c.reason, func(t *testing.T) {
			if err := Check(c.text, s.Cut(c.text)); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("a long text without line ends", func(t *testing.T) {
		text := strings.Repeat("行业协会商会脱钩", 20000)
		if err := Check(text, s.Cut(text)); err != nil {
			t.Error(err)
		}
	})
	t.Run("the same from many goroutines", func(t *testing.T) {
		want := s.Cut(texts[2].text)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 50 {
					if got := s.Cut(texts[2].text); !slices.Equal(got, want) {
						t.Errorf("got %v, want %v", got, want)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// Words is what Cut found in s, as strings.
func Words(s string, tokens []segment.Token) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = s[t.Start:t.End]
	}
	return out
}
