package query

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query: beyond them it is refused, since a query may come from
// anybody.
const (
	maxBytes = 4096
	maxDepth = 30
	maxNodes = 100
)

// Parse reads a query without a [Language]. The empty one is [All]. Errors are
// of type [*Error].
func Parse(s string) (Node, error) {
	q, err := Language{}.Parse(s)
	return q.Node, err
}

// Parse reads a query. Errors are of type [*Error].
func (l Language) Parse(s string) (Parsed, error) {
	p := &parser{in: s, lang: l}
	n, err := p.whole()
	if err != nil {
		return Parsed{}, err
	}
	return Parsed{Node: n, Notes: p.notes}, nil
}

func (p *parser) whole() (Node, error) {
	s := p.in
	if len(s) > maxBytes {
		return nil, p.fail(0, "longer than %d bytes", maxBytes)
	}
	if i := strings.IndexFunc(s, bad); i >= 0 {
		return nil, p.fail(i, "not a character that can be searched for")
	}
	p.space()
	if p.at == len(s) {
		return All{}, nil
	}
	n, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(s) { // only a closing bracket ends an expression
		_, w := utf8.DecodeRuneInString(s[p.at:])
		return nil, p.fixed(p.at, s[:p.at]+s[p.at+w:], "this bracket closes nothing")
	}
	return n, nil
}

func bad(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) }

type parser struct {
	in    string
	lang  Language
	at    int // bytes
	nodes int
	scope Field // of the brackets after a field: kind:(plan OR notice)
	notes []Note
}

// fixed is an error with a query to try in its place.
func (p *parser) fixed(at int, fix, format string, args ...any) error {
	err := p.fail(at, format, args...).(*Error)
	if fix = strings.TrimSpace(fix); fix != "" {
		err.Fix = fix
	}
	return err
}

func (p *parser) note(at int, id, word string, also []string) {
	p.notes = append(p.notes, Note{Pos: utf8.RuneCountInString(p.in[:at]), ID: id, Word: word, Also: also})
}

func (p *parser) fail(at int, format string, args ...any) error {
	w := say(format, args...)
	return &Error{Pos: utf8.RuneCountInString(p.in[:at]), Msg: w.in("en"), words: w}
}

func (p *parser) peek() rune {
	r, _ := utf8.DecodeRuneInString(p.in[p.at:])
	if p.at == len(p.in) {
		return 0
	}
	return r
}

func (p *parser) space() {
	for p.at < len(p.in) && unicode.IsSpace(p.peek()) {
		p.next()
	}
}

func (p *parser) next() {
	_, w := utf8.DecodeRuneInString(p.in[p.at:])
	p.at += w
}

func opening(r rune) bool { return r == '(' || r == '（' }
func closing(r rune) bool { return r == ')' || r == '）' }

// closingQuote is what ends a phrase that begins with r, or 0.
func closingQuote(r rune) string {
	switch r {
	case '"', '＂':
		return `"＂`
	case '“', '”': // 中文输入法 gives either
		return "“”"
	}
	return ""
}

// or is: and { ("OR" | "|") and }.
func (p *parser) or(depth int) (Node, error) {
	if depth > maxDepth {
		return nil, p.fail(p.at, "more than %d brackets inside each other", maxDepth)
	}
	var nodes []Node
	for {
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		if !p.operator("OR") && !p.operator("|") {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return Or{nodes}, nil
}

// and is: unary { ["AND"] unary }.
func (p *parser) and(depth int) (Node, error) {
	var nodes []Node
	for {
		n, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		p.operator("AND")
		p.space()
		if p.at == len(p.in) || closing(p.peek()) || p.ahead("OR") || p.ahead("|") {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return And{nodes}, nil
}

// unary is: ["-" | "NOT"] primary.
func (p *parser) unary(depth int) (Node, error) {
	p.space()
	from := p.at
	negated := p.operator("NOT")
	if r := p.peek(); !negated && (r == '-' || r == '－') {
		p.next()
		negated = true
		if p.at == len(p.in) || unicode.IsSpace(p.peek()) {
			return nil, p.fixed(from, p.in[:p.at]+strings.TrimSpace(p.in[p.at:]), "nothing stands right after the minus")
		}
	}
	n, err := p.primary(depth)
	if err != nil || !negated {
		return n, err
	}
	return Not{n}, nil
}

func (p *parser) primary(depth int) (Node, error) {
	p.space()
	if p.nodes++; p.nodes > maxNodes {
		return nil, p.fail(p.at, "more than %d terms", maxNodes)
	}
	r := p.peek()
	switch {
	case r == 0:
		return nil, p.fail(p.at, "a term is missing at the end")
	case closing(r), p.ahead("OR"), p.ahead("AND"), p.ahead("NOT"), p.ahead("|"):
		return nil, p.fail(p.at, "a term is missing before this")
	case opening(r):
		return p.brackets(depth)
	case closingQuote(r) != "":
		at := p.at
		v, err := p.phrase()
		if err != nil {
			return nil, err
		}
		return p.term(at, v, true)
	case r == '-' || r == '－':
		return nil, p.fail(p.at, "a minus cannot stand here")
	}
	if f, from, ok, err := p.field(); err != nil {
		return nil, err
	} else if ok {
		return p.filter(f, from)
	}
	at := p.at
	return p.term(at, p.word(), false)
}

// term is a word or phrase that stands at byte at, as the value of the field
// whose brackets it stands in.
func (p *parser) term(at int, v string, phrase bool) (Node, error) {
	if p.scope != "" {
		return p.value(p.scope, at, v, phrase)
	}
	if phrase {
		return Text{Value: p.lang.simple(v)}, nil
	}
	switch v {
	case "or", "and", "not":
		p.note(at, NoteLowerCase, v, []string{strings.ToUpper(v)})
	}
	return p.text(at, v, false)
}

// text is a word, with its synonyms.
func (p *parser) text(at int, v string, title bool) (Node, error) {
	v = p.lang.simple(v)
	if open, ok := strings.CutSuffix(v, "*"); ok && open != "" {
		p.note(at, NoteStar, open, nil)
		v = open
	}
	if i := strings.IndexByte(v, '*'); i > 0 {
		return nil, p.fixed(at, p.in[:at]+strings.ReplaceAll(v, "*", " ")+p.in[min(len(p.in), at+len(v)):],
			"a star can only end a word; write the parts as words of their own")
	}
	also := p.lang.synonyms(v)
	if len(also) == 0 {
		return Text{Value: v, Title: title}, nil
	}
	p.note(at, NoteSynonyms, v, also)
	nodes := []Node{Text{Value: v, Title: title}}
	for _, w := range also {
		nodes = append(nodes, Text{Value: w, Title: title})
	}
	return Or{nodes}, nil
}

func (p *parser) brackets(depth int) (Node, error) {
	from := p.at
	p.next()
	n, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.space(); !closing(p.peek()) {
		return nil, p.fixed(from, strings.TrimRight(p.in, " ")+")", "this bracket is not closed")
	}
	p.next()
	return n, nil
}

func (p *parser) phrase() (string, error) {
	from := p.at
	end := closingQuote(p.peek())
	p.next()
	n := strings.IndexAny(p.in[p.at:], end)
	if n < 0 {
		mark := `"`
		if end != `"＂` {
			mark = "”"
		}
		return "", p.fixed(from, strings.TrimRight(p.in, " ")+mark, "this quotation mark is not closed")
	}
	v := strings.TrimSpace(p.in[p.at : p.at+n])
	p.at += n
	p.next()
	if v == "" {
		return "", p.fail(from, "there is nothing between the quotation marks")
	}
	if strings.ContainsAny(v, `"＂`) && strings.ContainsAny(v, "“”") {
		return "", p.fail(from, "two kinds of quotation marks in one phrase")
	}
	return v, nil
}

// word is what stands up to white space, a bracket that cannot belong to it, a
// quotation mark or a |. Brackets in pairs belong to it: 发改体改(2019)1063号.
func (p *parser) word() string {
	from, open := p.at, 0
	for p.at < len(p.in) {
		r := p.peek()
		if unicode.IsSpace(r) || r == '|' || closingQuote(r) != "" || closing(r) && open == 0 {
			break
		}
		if closing(r) {
			open--
		}
		if opening(r) {
			if !p.paired() {
				break
			}
			open++
		}
		p.next()
	}
	return p.in[from:p.at]
}

// paired reports whether the bracket here is closed before white space.
func (p *parser) paired() bool {
	for i, r := range p.in[p.at:] {
		if closing(r) {
			return i > 0
		}
		if unicode.IsSpace(r) || closingQuote(r) != "" || r == '|' {
			return false
		}
	}
	return false
}

var fieldName = regexp.MustCompile(`^([A-Za-z_]+|\p{Han}{1,4})\s*[:：]`)

// field reads a field name with its colon. Unknown names in letters are errors,
// since place:… misspelt would silently find nothing; unknown Chinese ones are
// text (联系人：…), as is what looks like an address (http://).
func (p *parser) field() (f Field, from int, ok bool, err error) {
	m := fieldName.FindStringSubmatch(p.in[p.at:])
	if m == nil {
		return "", 0, false, nil
	}
	rest := p.in[p.at+len(m[0]):]
	name := p.lang.simple(strings.ToLower(m[1]))
	f, ok = names().fields[name]
	switch {
	case ok:
	case m[1][0] >= utf8.RuneSelf, strings.HasPrefix(rest, "//"):
		return "", 0, false, nil
	default:
		fix := ""
		if like := nearest(name, names().english()); like != "" {
			fix = p.in[:p.at] + like + ":" + rest
		}
		return "", 0, false, p.fixed(p.at, fix, "there is no field %q; the fields are %s", m[1], strings.Join(names().list, ", "))
	}
	from = p.at
	p.at += len(m[0])
	return f, from, true, nil
}

func (p *parser) filter(f Field, from int) (Node, error) {
	at := p.at
	if r := p.peek(); opening(r) && p.scope == "" && !(f.wordy() && p.paired()) {
		p.scope = f
		n, err := p.brackets(0)
		p.scope = ""
		return n, err
	}
	var v string
	phrase := closingQuote(p.peek()) != ""
	if phrase {
		var err error
		if v, err = p.phrase(); err != nil {
			return nil, err
		}
	} else {
		v = p.word()
	}
	if v == "" {
		return nil, p.fail(from, "%s: has no value", f)
	}
	return p.value(f, at, v, phrase)
}

// operator reads op where it stands as a word of its own.
func (p *parser) operator(op string) bool {
	p.space()
	if !p.ahead(op) {
		return false
	}
	p.at += len(op)
	return true
}

func (p *parser) ahead(op string) bool {
	rest, ok := strings.CutPrefix(p.in[p.at:], op)
	if !ok || op == "|" {
		return ok
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.IsSpace(r) || opening(r) || closing(r) || closingQuote(r) != ""
}
