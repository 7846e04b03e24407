package extract

import "strings"

// hanDigits are the characters that stand for one digit, with the zeros that
// real texts mix up (〇 U+3007, ○ U+25CB, the letter O).
const hanDigits = "零一二三四五六七八九"

func digit(r rune) (int, bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r >= '０' && r <= '９':
		return int(r - '０'), true
	case strings.ContainsRune("〇○OＯ", r):
		return 0, true
	case r == '两':
		return 2, true
	case r == '首': // 首季度
		return 1, true
	}
	for i, d := range []rune(hanDigits) {
		if d == r {
			return i, true
		}
	}
	return 0, false
}

// number reads a whole number written in digits of either width, digit by digit
// in Chinese (二〇一八) or with 十, 廿, 卅 and 百 (二十一, 廿三). It reports false for
// anything else, and for 半, which is no whole number.
func number(s string) (int, bool) {
	total, last, seen := 0, 0, false
	positional := false
	for _, r := range s {
		unit := 0
		switch r {
		case ' ', '　', '\u00a0':
			continue
		case '十':
			unit = 10
		case '百':
			unit = 100
		case '廿':
			total, seen, positional = total+20, true, true
			continue
		case '卅':
			total, seen, positional = total+30, true, true
			continue
		}
		if unit > 0 {
			if last == 0 {
				last = 1
			}
			total, last, seen, positional = total+last*unit, 0, true, true
			continue
		}
		d, ok := digit(r)
		if !ok || total > 1e6 {
			return 0, false
		}
		if positional {
			last = d
		} else {
			last = last*10 + d
		}
		seen = true
	}
	return total + last, seen
}
