package prove

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// mostTold is how many differences of one file are told, each way.
const mostTold = 25

// Same proves a file by another one that was made again: every line has to be in it,
// in its place, and no other. Of a packed file (DOCX, XLSX) the lines are paragraphs,
// rows and cells. Counts.Facts are the lines.
func Same(name string, file, again []byte, each func(Finding) error) (Counts, error) {
	here, err := pieces(file)
	if err != nil {
		return Counts{}, fmt.Errorf("%s: %w: %w", name, err, ErrForm)
	}
	there, err := pieces(again)
	if err != nil {
		return Counts{}, err
	}
	n := Counts{Facts: len(here)}
	left := map[piece]int{}
	for _, p := range there {
		left[p]++
	}
	var more []int // lines of the file that the command does not write
	for i, p := range here {
		if left[p] > 0 {
			left[p]--
			n.Proved++
			continue
		}
		more = append(more, i)
	}
	missing := map[string][]piece{} // by part
	for _, p := range there {
		if left[p] > 0 {
			left[p]--
			missing[p.part] = append(missing[p.part], p)
		}
	}
	told := 0
	tell := func(where, message string) error {
		if told++; told > mostTold {
			return nil
		}
		return each(Finding{Kind: "report", Subject: name, Where: where, Message: message})
	}
	for _, i := range more {
		p, against := here[i], piece{}
		if list := missing[here[i].part]; len(list) > 0 {
			against, missing[p.part] = list[0], list[1:]
		}
		shown, instead := differing(p.shown(), against.shown())
		message := "it has “" + shown + "”, which the command does not write"
		if against != (piece{}) {
			message = "it has “" + shown + "”, the command writes “" + instead + "”"
		}
		if err := tell(p.where(i), message); err != nil {
			return n, err
		}
	}
	for _, p := range there {
		if list := missing[p.part]; len(list) > 0 && list[0] == p {
			missing[p.part] = list[1:]
			shown, _ := differing(p.shown(), "")
			if err := tell(p.part, "the command writes “"+shown+"”, and the file does not have it"); err != nil {
				return n, err
			}
		}
	}
	if told > mostTold {
		return n, each(Finding{Kind: "report", Subject: name, Message: fmt.Sprintf("and %d more differences", told-mostTold)})
	}
	if told == 0 && !bytes.Equal(file, again) {
		return n, each(Finding{Kind: "report", Subject: name, Message: "its lines are those that the command writes, in another order or otherwise packed"})
	}
	return n, nil
}

// differing is two lines from a little before where they differ, cut to what a person
// reads.
func differing(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	at := 0
	for at < len(x) && at < len(y) && x[at] == y[at] {
		at++
	}
	cut := func(r []rune) string {
		from, to := min(max(0, at-20), len(r)), min(at+60, len(r))
		s := string(r[from:to])
		if from > 0 {
			s = "…" + s
		}
		if to < len(r) {
			s += "…"
		}
		return s
	}
	return cut(x), cut(y)
}

// piece is a line of a file, or of a part of a packed one.
type piece struct{ part, text string }

func (p piece) where(i int) string {
	if p.part != "" {
		return p.part
	}
	return fmt.Sprintf("line %d", i+1)
}

var tags = regexp.MustCompile(`<[^<>]*>`)

// shown is the words of a piece; its markup where it has no words.
func (p piece) shown() string {
	s := p.text
	if p.part != "" {
		if words := strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(s, " "))); words != "" {
			s = words
		}
	}
	return s
}

var lineStart = regexp.MustCompile(`<(row|c|w:p|w:tr|w:tc)[ >]`)

func pieces(data []byte) ([]piece, error) {
	var out []piece
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		for _, line := range strings.SplitAfter(string(data), "\n") {
			out = append(out, piece{text: line})
		}
		return out, nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(in, mostSheet))
		in.Close()
		if err != nil {
			return nil, err
		}
		for _, line := range strings.Split(lineStart.ReplaceAllString(string(text), "\x00$0"), "\x00") {
			out = append(out, piece{f.Name, line})
		}
	}
	return out, nil
}
