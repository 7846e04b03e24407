package reader

// tagKind is what the parser and the reader must know of an element by its name.
type tagKind uint16

const (
	tagBlock   tagKind = 1 << iota // begins and ends a line
	tagVoid                        // has no content and no end tag
	tagSilent                      // shows no text and holds no other element: no node is made
	tagRaw                         // its content is text up to its end tag
	tagWords                       // so is its content, but with entities
	tagHead                        // may stand in the head
	tagInline                      // its end tag closes it only, whatever is open within
	tagClosesP                     // its start tag ends a paragraph
	tagSpecial                     // an end tag of another name does not reach beyond it
	tagFence                       // nor does that of a block
	tagHeading
)

// tagKinds tells the kinds of the elements of HTML, and of those that Chinese
// government sites made up (ucapcontent). All others are inline.
var tagKinds = newTagKinds()

func newTagKinds() map[string]tagKind {
	out := map[string]tagKind{}
	add := func(k tagKind, names ...string) {
		for _, n := range names {
			out[n] |= k
		}
	}
	add(tagBlock, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div",
		"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
		"header", "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
		"td", "tfoot", "th", "thead", "title", "tr", "ul", "br", "ucapcontent", "ucaptitle", "publishtime")
	add(tagVoid, "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "input", "keygen", "meta",
		"param", "source", "track", "wbr")
	add(tagSilent, "script", "style", "img", "link")
	add(tagRaw, "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext")
	add(tagWords, "title", "textarea")
	add(tagHead, "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "title")
	add(tagInline, "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
	add(tagClosesP, "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl",
		"dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
		"hr", "li", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "section", "summary", "table", "ul", "xmp")
	for n, k := range out {
		if k&tagClosesP != 0 {
			out[n] |= tagSpecial
		}
	}
	add(tagSpecial, "body", "button", "iframe", "noscript", "select", "tbody", "template", "textarea", "tfoot", "thead", "title", "tr")
	add(tagSpecial|tagFence, "applet", "caption", "html", "marquee", "object", "table", "td", "th")
	add(tagHeading, "h1", "h2", "h3", "h4", "h5", "h6")
	return out
}
