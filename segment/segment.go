// Package segment cuts Chinese text into words with jieba. It is the only
// importer of gojieba (cgo).
//
// Contract of Cut: tokens in order, without overlap, in range, on rune
// boundaries, covering everything but white space; safe for concurrent use.
// NUL and bytes that are not UTF-8 count as white space, since jieba cuts the
// text at the one and returns nothing at the other. Callers cut a whole
// document in one call: a call a clause costs a third more.
//
// Dictionaries are embedded, because gojieba looks for them where its source
// was compiled. They are unpacked once into a cache folder named by their
// hash, verified before each use, and read on first use: that takes some
// tenths of a second and 100 MB, which a program that cuts nothing never pays.
package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Token is one word: bytes Start to End, half-open, of the text that was cut.
type Token struct{ Start, End int }

// Options of a [Jieba]. The zero value works.
type Options struct {
	// CacheDir is where the dictionaries are kept unpacked (5 MB), made where
	// missing. Empty or not writable: they are unpacked into a temporary folder
	// for each load, which costs a tenth of a second.
	CacheDir string
	// Words are added to the dictionary: names of organs and places, terms.
	// Single characters, words with white space and words longer than 64
	// characters are left out. Order and repetition do not matter.
	Words []string
}

// Jieba cuts with the jieba dictionary, the words added to it, and its hidden
// Markov model for unknown words. It is safe for concurrent use.
type Jieba struct {
	cache string
	words []string // sorted, unique, usable
	print func() string

	once  sync.Once
	jieba engine
	err   error
}

// New makes a Jieba that loads nothing until it is first used.
func New(opts Options) *Jieba {
	j := &Jieba{cache: opts.CacheDir, words: usable(append([]string{coreWord}, opts.Words...))}
	j.print = sync.OnceValue(j.fingerprint)
	return j
}

// coreWord is always added: the subject of every text here, unknown to jieba,
// and the reason that the user dictionary is never empty.
const coreWord = "行业协会商会"

// maxWord is the longest word added, in characters: 中共中央纪律检查委员会驻…
// stays below it, a sentence taken for a name does not.
const maxWord = 64

// usable are the words that can stand in a user dictionary, whose fields are
// separated by spaces. A single character would change how unknown words
// around it are put together.
func usable(words []string) []string {
	var out []string
	for _, w := range words {
		w = strings.TrimSpace(w)
		n := utf8.RuneCountInString(w)
		if n < 2 || n > maxWord || !utf8.ValidString(w) || strings.ContainsFunc(w, blank) {
			continue
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Fingerprint is a hash of the dictionaries and the added words: what was cut
// under another fingerprint may have other boundaries. It loads nothing.
func (j *Jieba) Fingerprint() string { return j.print() }

func (j *Jieba) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, dataHash())
	for _, w := range j.words {
		fmt.Fprintln(h, w)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Load reads the dictionaries, once; later calls return the same error. A
// program that is going to cut should call it first, since Cut has no error to
// return and falls back to [Chars] where loading fails.
func (j *Jieba) Load() error {
	j.once.Do(func() {
		if j.jieba, j.err = load(j.cache, j.words); j.err != nil {
			j.err = fmt.Errorf("load jieba: %w", j.err)
		}
	})
	return j.err
}

func load(cache string, words []string) (engine, error) {
	work, err := os.MkdirTemp("", "jieba-*")
	if err != nil {
		if work, err = os.MkdirTemp(cache, "tmp-*"); err != nil {
			return nil, err
		}
	}
	defer os.RemoveAll(work)
	if strings.ContainsAny(work, "|;") {
		// cppjieba takes these for separators between files, and aborts.
		return nil, fmt.Errorf("the temporary folder %s has a | or ; in its name", work)
	}
	user := filepath.Join(work, "user.utf8")
	text := strings.Join(words, "\n") + "\n"
	if err := os.WriteFile(user, []byte(text), 0o600); err != nil {
		return nil, err
	}
	dir, err := install(cache, work)
	if err != nil {
		return nil, err
	}
	return newEngine(
		filepath.Join(dir, "dict.utf8"), filepath.Join(dir, "hmm.utf8"), user,
		filepath.Join(dir, "idf.utf8"), filepath.Join(dir, "stop.utf8"),
	)
}

// maxCut is the most bytes passed to jieba in one call, which needs about
// forty times as much for its work. Longer texts are cut at a line end.
const maxCut = 4 << 20

// Cut is the words of s. See the package comment for what holds of them.
// Where the dictionaries cannot be loaded it returns Chars(s).
func (j *Jieba) Cut(s string) []Token {
	if j.Load() != nil {
		return Chars(s)
	}
	text := blanked(s)
	var out []Token
	for at := 0; at < len(text); {
		end := cutEnd(text, at)
		out = j.jieba.cut(text[at:end], at, out)
		at = end
	}
	return out
}

// cutEnd is where the piece of text that starts at at ends.
func cutEnd(text string, at int) int {
	if len(text)-at <= maxCut {
		return len(text)
	}
	end := at + maxCut
	if n := strings.LastIndexByte(text[at:end], '\n'); n > 0 {
		return at + n + 1
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// blank reports what is never part of a token.
func blank(r rune) bool { return r == 0 || unicode.IsSpace(r) }

// blanked is s with white space, NUL and invalid bytes replaced by as many
// spaces, so that offsets stay: jieba knows only four characters as white
// space, and the ideographic space before each paragraph is not among them.
func blanked(s string) string {
	var b []byte
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if bad := r == utf8.RuneError && w == 1; bad || (blank(r) && r != ' ' && r != '\n') {
			if b == nil {
				b = []byte(s)
			}
			for k := range w {
				b[i+k] = ' '
			}
		}
		i += w
	}
	if b == nil {
		return s
	}
	return string(b)
}

// Chars cuts s into single characters, with runs of ASCII letters and digits
// kept whole. It needs no dictionary and keeps the contract of the package.
func Chars(s string) []Token {
	var out []Token
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		switch {
		case blank(r) || r == utf8.RuneError && w == 1:
		case ascii(r):
			for i+w < len(s) && ascii(rune(s[i+w])) {
				w++
			}
			fallthrough
		default:
			out = append(out, Token{i, i + w})
		}
		i += w
	}
	return out
}

func ascii(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
