package program

import (
	"context"
	"strconv"
	"strings"
)

// Word is one word that a program read in a picture.
type Word struct {
	Text string
	// Box in pixels from the top left.
	Left, Top, Right, Bottom float64
	// Page from 1. Block, Par and Line number what the program took for one.
	Page, Block, Par, Line int
	Confidence             float64 // 0 to 100
}

// Tesseract reads pictures. It is safe for use by several goroutines.
type Tesseract struct {
	Path      string // of the program
	Languages string // default "chi_sim"; with "+eng" it reads Chinese as Latin letters now and then
	Data      string // folder of its language files; empty: its own
}

// maxWords is the most that tesseract may write for one picture: no page of
// text needs a hundredth.
const maxWords = 32 << 20

// Words reads one picture: PNG, JPEG or TIFF.
func (t Tesseract) Words(ctx context.Context, picture []byte) ([]Word, error) {
	lang := t.Languages
	if lang == "" {
		lang = "chi_sim"
	}
	args := []string{"stdin", "stdout", "-l", lang, "--psm", "3"}
	if t.Data != "" {
		args = append(args, "--tessdata-dir", t.Data)
	}
	args = append(args, "-c", "preserve_interword_spaces=1", "tsv")
	out, err := run(ctx, "", t.Path, maxWords, picture, args...)
	if err != nil {
		return nil, err
	}
	return parseTSV(string(out)), nil
}

// parseTSV reads tesseract's table: level, page, block, paragraph, line, word,
// left, top, width, height, confidence, text. Words have level 5. Rows of
// another form are skipped.
func parseTSV(s string) []Word {
	const word = "5"
	var out []Word
	for row := range strings.Lines(s) {
		f := strings.SplitN(strings.TrimRight(row, "\r\n"), "\t", 12)
		if len(f) < 12 || f[0] != word || strings.TrimSpace(f[11]) == "" {
			continue
		}
		n, ok := numbers(f[1:11])
		if !ok {
			continue
		}
		out = append(out, Word{
			Text: strings.TrimSpace(f[11]),
			Page: int(n[0]), Block: int(n[1]), Par: int(n[2]), Line: int(n[3]),
			Left: n[5], Top: n[6], Right: n[5] + n[7], Bottom: n[6] + n[8], Confidence: n[9],
		})
	}
	return out
}

func numbers(f []string) ([]float64, bool) {
	out := make([]float64, len(f))
	for i, s := range f {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || v != v || v < -1e7 || v > 1e7 {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}
