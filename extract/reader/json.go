package reader

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/corpus"
)

// Some systems keep the text of a page as a string of HTML in a JSON object: in
// a script of the page (gkmlpt: window._CONFIG = {DETAIL: {"content": "<p>…"}})
// or as the whole answer of their interface, with a function call around it or
// not. Such an object is unfolded into the page it would give before anything
// else is done, so that all that follows reads it like any other page; each
// character still knows the bytes it came from.

// jsonID is the id of the element that holds an unfolded text.
const jsonID = "tuogou-json"

// jsonValue is one value of an object, as offsets into the script.
type jsonValue struct {
	key        string
	start, end int // of a string: without its quotes
	quoted     bool
}

// jsonObject is one object while it is read. Arrays are objects without keys.
type jsonObject struct {
	key    string // the name it stands under
	values []jsonValue
	files  []jsonObject // objects within that name a file
	body   int          // bytes of its text; 0 for none
}

// jsonScan reads objects the way browsers let scripts write them: keys with or
// without quotes, strings in either quote. It returns the object with the
// longest text, or nil.
type jsonScan struct {
	r     *Reader
	s     string
	open  []jsonObject
	key   string
	best  *jsonObject
	other int // texts beside the best one
}

// maxJSONDepth bounds the objects that are open at once.
const maxJSONDepth = 1000

func (j *jsonScan) scan() *jsonObject {
	for i := 0; i < len(j.s); {
		switch c := j.s[i]; {
		case c == '{' || c == '[':
			if len(j.open) >= maxJSONDepth {
				return j.best
			}
			j.open = append(j.open, jsonObject{key: j.key})
			j.key = ""
			i++
		case c == '}' || c == ']':
			j.close()
			i++
		case c == '"' || c == '\'':
			end := stringEnd(j.s, i)
			i = j.word(i+1, end, end+1, true)
		case c == ',' || c == ';':
			j.key = ""
			i++
		case isAlnum(c) || c == '_' || c == '$' || c == '-':
			end := i + 1
			for end < len(j.s) && (isAlnum(j.s[end]) || strings.IndexByte("_$-.", j.s[end]) >= 0) {
				end++
			}
			i = j.word(i, end, end, false)
		default:
			i++
		}
	}
	for len(j.open) > 0 {
		j.close() // the script was cut
	}
	return j.best
}

// stringEnd is the offset of the quote that ends the string at i, or of the end.
func stringEnd(s string, i int) int {
	quote := s[i]
	for k := i + 1; k < len(s); k++ {
		switch s[k] {
		case '\\':
			k++
		case quote:
			return k
		}
	}
	return len(s)
}

// word takes s[start:end] for a key or a value and returns where to go on.
func (j *jsonScan) word(start, end, next int, quoted bool) int {
	end = min(end, len(j.s))
	after := next
	for after < len(j.s) && isASCIIBlank(j.s[after]) {
		after++
	}
	if after < len(j.s) && j.s[after] == ':' && end-start <= 60 {
		j.key = j.s[start:end]
		return after + 1
	}
	if k := len(j.open); k > 0 && j.key != "" {
		o := &j.open[k-1]
		o.values = append(o.values, jsonValue{j.key, start, end, quoted})
	}
	j.key = ""
	return max(next, start+1)
}

func isASCIIBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// close ends the innermost object: a text, a file of the object around it, or
// nothing of note.
func (j *jsonScan) close() {
	k := len(j.open) - 1
	if k < 0 {
		return
	}
	o := j.open[k]
	j.open = j.open[:k]
	j.key = ""
	for _, v := range o.values {
		if size := v.end - v.start; v.quoted && j.r.page.JSON.Body[strings.ToLower(v.key)] && isMarkup(j.s[v.start:v.end]) {
			o.body = max(o.body, size)
		}
	}
	switch {
	case o.body > 0:
		if j.best != nil {
			j.other++
		}
		if j.best == nil || o.body > j.best.body {
			j.best = &o
		}
	case k > 0 && len(o.files) > 0:
		j.open[k-1].files = append(j.open[k-1].files, o.files...)
	case k > 0 && o.find(j.r.page.JSON.FileURL) != nil && o.find(j.r.page.JSON.FileName) != nil:
		o.files = nil
		j.open[k-1].files = append(j.open[k-1].files, o)
	}
}

func (o *jsonObject) find(keys map[string]bool) *jsonValue {
	for i := range o.values {
		if v := &o.values[i]; v.quoted && v.end > v.start && keys[strings.ToLower(v.key)] {
			return v
		}
	}
	return nil
}

// isMarkup reports whether a string of a script is HTML with Chinese in it.
func isMarkup(s string) bool {
	tag := strings.Contains(s, "<") || strings.Contains(s, `\u003c`) || strings.Contains(s, `\u003C`)
	return tag && (strings.Contains(s, `\u`) || strings.ContainsFunc(s, isHan))
}

// unfolder writes the page that an object would give.
type unfolder struct {
	from, to *decoded
	out      strings.Builder
}

// copy takes over a stretch as it is.
func (u *unfolder) copy(start, end int) {
	for at := start; at < end; {
		c, n := utf8.DecodeRuneInString(u.from.text[at:end])
		u.char(c, at, at+n)
		at += n
	}
}

// char writes one character that stands for the stretch start to end.
func (u *unfolder) char(c rune, start, end int) {
	from := u.from.source(start)
	u.to.marks.Add(u.out.Len(), utf8.RuneLen(c), from, u.from.end(end)-from)
	u.out.WriteRune(c)
}

// string writes the characters of a string of a script.
func (u *unfolder) string(start, end int) {
	s := u.from.text
	for at := start; at < end; {
		c, n := jsonChar(s[at:end])
		if n > 0 && c != 0 {
			u.char(c, at, at+n)
		}
		at += max(n, 1)
	}
}

// jsonChar is the first character of a string, and its length in the script.
func jsonChar(s string) (rune, int) {
	if s[0] != '\\' || len(s) < 2 {
		return utf8.DecodeRuneInString(s)
	}
	switch s[1] {
	case 'n', 'r', 't', 'b', 'f':
		return ' ', 2
	case 'u':
		c, ok := hex4(s)
		if !ok {
			return 'u', 2
		}
		if low, ok := hex4(s[6:]); ok && c >= 0xD800 && c < 0xDC00 && low >= 0xDC00 && low < 0xE000 {
			return (c-0xD800)<<10 + (low - 0xDC00) + 0x10000, 12
		}
		if !utf8.ValidRune(c) {
			c = utf8.RuneError
		}
		return c, 6
	}
	c, n := utf8.DecodeRuneInString(s[1:])
	return c, 1 + n
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[2:6], 16, 32)
	return rune(v), err == nil
}

// add writes words of our own; they have no place in the source.
func (u *unfolder) add(s string) { u.out.WriteString(s) }

// object writes headline, facts, text and files of an object.
func (u *unfolder) object(r *Reader, o *jsonObject, base int) {
	u.add("<ul>")
	for _, v := range o.values {
		name := strings.ToLower(v.key)
		key, known := r.page.JSON.Keys[name]
		if number, ok := r.page.JSON.Keys["#"+name]; ok && !v.quoted {
			key, known = number, true
		}
		if !known || v.start == v.end {
			continue
		}
		if day, ok := timestamp(u.from.text[base+v.start:base+v.end], v.quoted); ok && isDate(key.Field) {
			u.add("<li><b>" + key.Word + "：</b>")
			for _, c := range day {
				u.char(c, base+v.start, base+v.end)
			}
		} else if v.quoted {
			u.add("<li><b>" + key.Word + "：</b>")
			u.string(base+v.start, base+v.end)
		}
		u.add("</li>")
	}
	u.add("</ul><div id=" + jsonID + ">")
	for _, v := range o.values {
		if v.quoted && r.page.JSON.Body[strings.ToLower(v.key)] && v.end-v.start == o.body {
			u.string(base+v.start, base+v.end)
			break
		}
	}
	u.add("</div><div>")
	for i := range o.files {
		f := &o.files[i]
		href, name := f.find(r.page.JSON.FileURL), f.find(r.page.JSON.FileName)
		u.add(`<p><a href="`)
		u.string(base+href.start, base+href.end)
		u.add(`">`)
		u.string(base+name.start, base+name.end)
		u.add("</a></p>")
	}
	u.add("</div>")
}

func isDate(f corpus.Field) bool {
	switch f {
	case corpus.FieldSigned, corpus.FieldPrinted, corpus.FieldPosted, corpus.FieldEffective, corpus.FieldAbolished:
		return true
	}
	return false
}

// timestamp is the day of a date written as 20310115 or as the seconds or
// milliseconds since 1970, in the time of Beijing.
func timestamp(s string, quoted bool) (string, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 0:
		return "", false
	case len(s) == 8:
		t, err := time.Parse("20060102", s)
		return t.Format("2006-01-02"), err == nil
	case len(s) == 13:
		n /= 1000
	case len(s) < 9 || len(s) > 10:
		return "", false
	}
	return time.Unix(n, 0).In(time.FixedZone("", 8*3600)).Format("2006-01-02"), true
}

// unfold gives the page with the text of its script written out, and whether
// there was one.
func (r *Reader) unfold(d *decoded, start, end int) (*decoded, bool) {
	j := &jsonScan{r: r, s: d.text[start:end]}
	o := j.scan()
	if o == nil {
		return d, false
	}
	u := &unfolder{from: d, to: &decoded{charset: d.charset, size: d.size, bad: d.bad}}
	whole := start == 0 && end == len(d.text)
	if whole {
		u.add("<html><body>")
	}
	at := len(d.text)
	if i := strings.LastIndex(d.text, "</body"); i >= end {
		at = i
	}
	if !whole {
		u.copy(0, at)
	}
	u.object(r, o, start)
	if !whole {
		u.copy(at, len(d.text))
	}
	u.to.text = u.out.String()
	return u.to, true
}

// unfoldScripts unfolds the script of a page that holds its text.
func (r *Reader) unfoldScripts(d *decoded) *decoded {
	for at := 0; ; {
		open := strings.Index(d.text[at:], "<script")
		if open < 0 {
			return d
		}
		open += at
		size := strings.Index(d.text[open:], "</script")
		if size < 0 {
			return d
		}
		at = open + size
		if script := d.text[open:at]; strings.ContainsFunc(script, isHan) || strings.Contains(script, `\u`) {
			if out, ok := r.unfold(d, open, at); ok {
				return out
			}
		}
	}
}

// readJSON reads the answer of an interface that holds the text of a page.
func (r *Reader) readJSON(in Input) (*corpus.Text, error) {
	dec := r.decode(in)
	dec, ok := r.unfold(dec, 0, len(dec.text))
	if !ok {
		return nil, &Error{ID: "unsupported", Message: "the JSON holds no text of a page"}
	}
	return r.readDecoded(in, dec)
}
