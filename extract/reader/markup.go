package reader

import (
	"html"
	"strings"
	"unicode/utf8"
)

// stretch is a piece of the decoded page. The zero value is a blank between tags.
type stretch struct {
	start, end int
	raw        bool // in an element whose text knows no entities
}

// attribute is one attribute of an element.
type attribute struct {
	key, val string  // key in lower case; val with its entities resolved
	at       stretch // val in the page
}

// cursor cuts a page into tags and the text between them, as the standard says
// browsers do.
type cursor struct {
	input string
	at    int
	attrs []attribute // room for those to come
}

// tokenKind is what begins at a "<".
type tokenKind uint8

const (
	tokenText    tokenKind = iota // it is only that
	tokenStart                    // <p
	tokenEnd                      // </p
	tokenComment                  // <!-- <!DOCTYPE <? </>
)

// kind says what begins at the "<" at offset i.
func (c *cursor) kind(i int) tokenKind {
	if i+1 >= len(c.input) {
		return tokenText
	}
	switch b := c.input[i+1]; {
	case isLetter(b):
		return tokenStart
	case b == '!' || b == '?':
		return tokenComment
	case b == '/' && i+2 < len(c.input):
		if isLetter(c.input[i+2]) {
			return tokenEnd
		}
		return tokenComment
	}
	return tokenText
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// text moves to the next tag or comment and returns what stands before it.
func (c *cursor) text() stretch {
	start := c.at
	for i := start; ; i++ {
		next := strings.IndexByte(c.input[i:], '<')
		if next < 0 {
			c.at = len(c.input)
			break
		}
		if i += next; c.kind(i) != tokenText {
			c.at = i
			break
		}
	}
	return stretch{start: start, end: c.at}
}

// comment moves behind the comment that begins here.
func (c *cursor) comment() {
	rest := c.input[c.at:]
	if !strings.HasPrefix(rest, "<!--") {
		c.skipTo(">", 2)
		return
	}
	for _, short := range []string{"<!-->", "<!--->"} {
		if strings.HasPrefix(rest, short) {
			c.at += len(short)
			return
		}
	}
	end := strings.Index(rest[4:], "-->")
	if odd := strings.Index(rest[4:], "--!>"); odd >= 0 && (end < 0 || odd < end) {
		c.at += 4 + odd + len("--!>")
		return
	}
	c.skipTo("-->", 4)
}

// skipTo moves behind the next end that stands at least from bytes ahead.
func (c *cursor) skipTo(end string, from int) {
	i := strings.Index(c.input[min(c.at+from, len(c.input)):], end)
	if i < 0 {
		c.at = len(c.input)
		return
	}
	c.at += from + i + len(end)
}

// name reads the name of a tag in lower case.
func (c *cursor) name() string {
	start := c.at
	for c.at < len(c.input) && !isTagBlank(c.input[c.at]) && c.input[c.at] != '/' && c.input[c.at] != '>' {
		c.at++
	}
	return strings.ToLower(c.input[start:c.at])
}

func isTagBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f' }

// startTag reads the start tag that begins here. whole is false where the page
// ends within it; void where it closes itself.
func (c *cursor) startTag() (name string, attrs []attribute, void, whole bool) {
	c.at++
	name = c.name()
	attrs, void, whole = c.rest()
	return name, attrs, void, whole
}

// rest reads a tag from behind its name.
func (c *cursor) rest() (attrs []attribute, void, whole bool) {
	if len(c.attrs) == cap(c.attrs) {
		c.attrs = make([]attribute, 0, 256)
	}
	first := len(c.attrs)
	for {
		for c.at < len(c.input) && (isTagBlank(c.input[c.at]) || c.input[c.at] == '/') {
			void = c.input[c.at] == '/'
			c.at++
		}
		if c.at >= len(c.input) {
			return nil, false, false
		}
		if c.input[c.at] == '>' {
			c.at++
			return c.attrs[first:len(c.attrs):len(c.attrs)], void, true
		}
		void = false
		c.attrs = append(c.attrs, c.attribute())
	}
}

func (c *cursor) attribute() attribute {
	start := c.at
	for c.at++; c.at < len(c.input); c.at++ {
		if b := c.input[c.at]; isTagBlank(b) || b == '/' || b == '>' || b == '=' {
			break
		}
	}
	a := attribute{key: strings.ToLower(c.input[start:c.at])}
	c.blanks()
	if c.at >= len(c.input) || c.input[c.at] != '=' {
		return a
	}
	c.at++
	c.blanks()
	a.at = c.value()
	if a.val = c.input[a.at.start:a.at.end]; strings.IndexByte(a.val, '&') >= 0 {
		a.val = html.UnescapeString(a.val)
	}
	return a
}

func (c *cursor) blanks() {
	for c.at < len(c.input) && isTagBlank(c.input[c.at]) {
		c.at++
	}
}

// value reads the value of an attribute.
func (c *cursor) value() stretch {
	if c.at >= len(c.input) {
		return stretch{start: c.at, end: c.at}
	}
	start := c.at
	if quote := c.input[c.at]; quote == '"' || quote == '\'' {
		start++
		end := strings.IndexByte(c.input[start:], quote)
		if end < 0 {
			c.at = len(c.input)
			return stretch{start: start, end: c.at}
		}
		c.at = start + end + 1
		return stretch{start: start, end: start + end}
	}
	for c.at < len(c.input) && !isTagBlank(c.input[c.at]) && c.input[c.at] != '>' {
		c.at++
	}
	return stretch{start: start, end: c.at}
}

// endTag reads the end tag that begins here.
func (c *cursor) endTag() (name string, whole bool) {
	c.at += 2
	name = c.name()
	_, _, whole = c.rest()
	return name, whole
}

// rawText moves to the end tag of an element that holds nothing but text, and
// returns that text.
func (c *cursor) rawText(name string) stretch {
	start := c.at
	out := stretch{start: start, end: len(c.input), raw: true}
	for i := start; name != "plaintext"; {
		next := strings.Index(c.input[i:], "</")
		if next < 0 {
			break
		}
		i += next
		if after := i + 2 + len(name); after < len(c.input) && strings.EqualFold(c.input[i+2:after], name) &&
			(isTagBlank(c.input[after]) || c.input[after] == '/' || c.input[after] == '>') {
			if name != "script" || !withinScript(c.input[start:i]) {
				out.end = i
				break
			}
		}
		i += 2
	}
	c.at = out.end
	return out
}

// withinScript reports whether the end tag behind a script belongs to one that
// the script writes itself: <!-- document.write("<script></script>").
func withinScript(s string) bool {
	open := strings.LastIndex(s, "<!--")
	if open < 0 || strings.Contains(s[open:], "-->") {
		return false
	}
	s = strings.ToLower(s[open:])
	return strings.Count(s, "<script") > strings.Count(s, "</script")
}

// unescape appends the characters of input[s.start:s.end]; each knows the bytes
// it came from, the six of "&nbsp;" too.
func unescape(g []glyph, input string, s stretch) []glyph {
	for at := s.start; at < s.end; {
		c, n := utf8.DecodeRuneInString(input[at:s.end])
		if c == '&' && !s.raw {
			if chars, size := entity(input[at:s.end]); size > 0 {
				for _, r := range chars {
					g = append(g, glyph{r, int32(at), int32(size)})
				}
				at += size
				continue
			}
		}
		g = append(g, glyph{c, int32(at), int32(n)})
		at += n
	}
	return g
}

// entity resolves the character reference at the start of s and returns its
// length in bytes, or 0 where "&" is only that.
func entity(s string) (string, int) {
	const longest = 40
	end := 1
	for end < min(len(s), longest) && (s[end] == '#' && end == 1 || isAlnum(s[end])) {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	if s[:end] == "&nbsp;" { // nearly all there are
		return "\u00a0", end
	}
	whole := html.UnescapeString(s[:end])
	if whole == s[:end] {
		return "", 0
	}
	// "&nbspabc" resolves a part only: find the part that gives the same.
	for size := 2; size <= end; size++ {
		if part := html.UnescapeString(s[:size]); part != s[:size] && part+s[size:end] == whole {
			return part, size
		}
	}
	return whole, end
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
