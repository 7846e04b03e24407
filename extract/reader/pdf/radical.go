package pdf

import "golang.org/x/text/unicode/norm"

// radical is the character that a radical or compatibility form stands for.
// Fonts draw ⼯ (U+2F2F) and 工 with one glyph, and programs that write a PDF
// take either of its two codes. Nobody meant the radical.
func radical(r rune) (rune, bool) {
	switch {
	case r >= 0x2F00 && r <= 0x2FD5, r >= 0xF900 && r <= 0xFAFF:
		for _, f := range norm.NFKC.String(string(r)) {
			return f, f != r
		}
	case r >= 0x2E80 && r <= 0x2EF3:
		if f, ok := supplement[r]; ok {
			return f, true
		}
	}
	return r, false
}

// supplement is the part of the CJK radicals supplement that Unicode does not
// fold, and that is seen in the files of simplified fonts.
var supplement = map[rune]rune{
	'⺟': '母', '⺠': '民', '⻁': '虎', '⻄': '西', '⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车',
	'⻑': '长', '⻓': '长', '⻔': '门', '⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞',
	'⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟', '⻨': '麦', '⻩': '黄', '⻬': '齐',
	'⻮': '齿', '⻰': '龙', '⻳': '龟', '⻝': '食', '⻖': '阝', '⺩': '王', '⺼': '月', '⺒': '巳',
	'⺎': '兀', '⺙': '攵', '⺝': '月', '⺪': '疋', '⺷': '羊', '⻃': '覀', '⻊': '足', '⻌': '辶',
}
