package segment

// engine cuts with the dictionaries of one jieba. It is made by newEngine, of
// which there are two: with a C++ compiler, and without one.
type engine interface {
	// cut appends the words of text, which starts at byte base, to out.
	cut(text string, base int, out []Token) []Token
}
