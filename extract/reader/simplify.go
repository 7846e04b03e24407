package reader

import "strings"

// Simplify brings words typed in traditional script into the script of the
// bodies, for queries: 脫鉤 finds 脱钩. Text without a clearly traditional
// character is returned as it is, and so is any where the tables cannot be
// loaded.
func (r *Reader) Simplify(s string) string {
	if !strings.ContainsFunc(s, r.traditional.has) {
		return s
	}
	c, err := r.simplify()
	if err != nil {
		return s
	}
	g := make([]glyph, 0, len(s))
	for _, ch := range s {
		g = append(g, glyph{r: ch})
	}
	return text(c.glyphs(g, func(string) {}))
}
