package office

import (
	"strconv"
	"strings"

	"tuogou/extract/reader/xmlscan"
)

// style is what a style says about paragraphs, as far as reading needs it. A
// field of -1 is not said.
type style struct {
	base    string
	level   int // outline level, 0 to 8
	title   bool
	centred int // 0 or 1
	size    int // half points
	hidden  int // 0 or 1
	num     int // list
	numLvl  int
}

func newStyle() style {
	return style{level: -1, centred: -1, size: -1, hidden: -1, num: -1, numLvl: -1}
}

// over is s with what it does not say taken from base.
func (s style) over(base style) style {
	take := func(v *int, from int) {
		if *v < 0 {
			*v = from
		}
	}
	take(&s.level, base.level)
	take(&s.centred, base.centred)
	take(&s.size, base.size)
	take(&s.hidden, base.hidden)
	take(&s.num, base.num)
	take(&s.numLvl, base.numLvl)
	return s
}

// styles are the styles of a document by id, bases filled in.
type styles struct {
	byID  map[string]style
	basic string // paragraphs that name no style
}

func (s *styles) get(id string) style {
	if id == "" {
		id = s.basic
	}
	if st, ok := s.byID[id]; ok {
		return st
	}
	return newStyle()
}

func readStyles(data []byte, nesting int) *styles {
	out := &styles{byID: map[string]style{}}
	defaults := newStyle()
	s := xmlscan.New(data, nesting)
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "docDefaults":
			s.Each(func(string) { s.Each(func(string) { defaults.read(s) }) })
		case "style":
			id, basic := s.Attr("styleId"), s.Attr("default") == "1" && s.Attr("type") == "paragraph"
			if basic {
				out.basic = id
			}
			st := newStyle()
			s.Each(func(name string) { st.part(s, name) })
			out.byID[id] = st
		}
	})
	for id, st := range out.byID {
		base := st.base
		for range 20 { // styles may name each other in a circle
			b, ok := out.byID[base]
			if !ok {
				break
			}
			st, base = st.over(b), b.base
		}
		// A style stands on the bare one of the map, whatever the order: over only fills in.
		out.byID[id] = st.over(defaults)
	}
	return out
}

// part reads one child of w:style.
func (st *style) part(s *xmlscan.Scanner, name string) {
	switch name {
	case "name":
		n := strings.ToLower(s.Attr("val"))
		if l, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(n, "heading"), "标题"))); err == nil &&
			l >= 1 && l <= 9 && st.level < 0 {
			st.level = l - 1
		}
		st.title = n == "title" || n == "标题"
	case "basedOn":
		st.base = s.Attr("val")
	case "pPr", "rPr":
		st.read(s)
	}
}

// read reads the children of w:pPr or w:rPr.
func (st *style) read(s *xmlscan.Scanner) {
	s.Each(func(name string) {
		switch name {
		case "outlineLvl":
			if l := s.Int("val", 9); l >= 0 && l <= 9 {
				st.level = l
			}
		case "jc":
			st.centred = 0
			if s.Attr("val") == "center" {
				st.centred = 1
			}
		case "sz":
			st.size = s.Int("val", -1)
		case "vanish":
			st.hidden = 0
			if on(s) {
				st.hidden = 1
			}
		case "numPr":
			s.Each(func(name string) {
				switch name {
				case "numId":
					st.num = s.Int("val", -1)
				case "ilvl":
					st.numLvl = s.Int("val", -1)
				}
			})
		}
	})
}

// on says whether a switch like <w:vanish/> is on.
func on(s *xmlscan.Scanner) bool {
	switch s.Attr("val") {
	case "0", "false", "off":
		return false
	}
	return true
}

// readNumbering reads numbering.xml.
func readNumbering(data []byte, nesting int) numbering {
	out := numbering{}
	lists, links := map[string]*list{}, map[string]string{}
	byStyle := map[string]*list{}
	s := xmlscan.New(data, nesting)
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "abstractNum":
			id, l := s.Attr("abstractNumId"), newList()
			s.Each(func(name string) {
				switch name {
				case "lvl":
					readLevel(s, l)
				case "styleLink":
					byStyle[s.Attr("val")] = l
				case "numStyleLink":
					links[id] = s.Attr("val")
				}
			})
			lists[id] = l
		case "num":
			readNum(s, out, func(id string) *list {
				if l := byStyle[links[id]]; l != nil {
					return l
				}
				return lists[id]
			})
		}
	})
	return out
}

func newList() *list {
	l := &list{}
	for i := range l.levels {
		l.levels[i] = level{start: 1, format: "decimal", restart: -1}
	}
	return l
}

func readNum(s *xmlscan.Scanner, out numbering, find func(string) *list) {
	id := s.Int("numId", -1)
	in := &instance{starts: map[int]int{}}
	s.Each(func(name string) {
		switch name {
		case "abstractNumId":
			in.list = find(s.Attr("val"))
		case "lvlOverride":
			lvl := s.Int("ilvl", -1)
			s.Each(func(name string) {
				switch name {
				case "startOverride":
					in.starts[lvl] = s.Int("val", 1)
				case "lvl":
					if in.list != nil {
						// The definition's own look stays with the other lists that share it.
						own := *in.list
						in.list = &own
						readLevel(s, in.list)
					}
				}
			})
		}
	})
	if in.list != nil {
		out[id] = in
	}
}

func readLevel(s *xmlscan.Scanner, l *list) {
	i := s.Int("ilvl", -1)
	if i < 0 || i > 8 {
		return
	}
	v := level{format: "decimal", restart: -1}
	s.Each(func(name string) {
		switch name {
		case "start":
			v.start = s.Int("val", 1)
		case "numFmt":
			v.format = s.Attr("val")
		case "lvlText":
			v.text = s.Attr("val")
		case "lvlRestart":
			v.restart = s.Int("val", -1)
		case "isLgl":
			v.legal = on(s)
		case "suff":
			v.tight = s.Attr("val") == "nothing"
		case "AlternateContent":
			// Newer formats stand in a choice, with decimal as the way out.
			s.Each(func(name string) {
				s.Each(func(inner string) {
					if inner == "numFmt" && name == "Fallback" {
						v.format = s.Attr("val")
					}
				})
			})
		}
	})
	l.levels[i] = v
}
