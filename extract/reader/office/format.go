package office

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tuogou/extract/reader/xmlscan"
)

// formats are the number formats of a workbook.
type formats struct {
	codes    []string // by the style of a cell
	from1904 bool
}

// builtin are the formats that every workbook has, as a Chinese Excel shows them.
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
	20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m/d/yy", 31: `yyyy"年"m"月"d"日"`,
	32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`,
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`,
	57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

func readFormats(data []byte, nesting int) formats {
	var out formats
	own := map[int]string{}
	s := xmlscan.New(data, nesting)
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "numFmts":
			s.Each(func(string) { own[s.Int("numFmtId", 0)] = s.Attr("formatCode") })
		case "cellXfs":
			s.Each(func(string) {
				id := s.Int("numFmtId", 0)
				code, ok := own[id]
				if !ok {
					code = builtin[id]
				}
				out.codes = append(out.codes, code)
			})
		}
	})
	return out
}

// show is a number as its cell shows it; as it is written where the format is
// not known.
func (f formats) show(raw string, style int) string {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || style < 0 || style >= len(f.codes) {
		return general(raw, v, err)
	}
	code, _, _ := strings.Cut(f.codes[style], ";") // the part for positive numbers
	code = brackets(code)
	switch {
	case code == "" || strings.EqualFold(code, "general") || code == "@":
		return general(raw, v, err)
	case isDate(code):
		if v < 0 || v > 2958465 {
			return raw
		}
		return f.date(v, code)
	}
	return decimal(v, code)
}

// general writes a number as Excel does without a format: 0.1+0.2 is 0.3.
func general(raw string, v float64, err error) string {
	if err != nil || len(raw) < 12 || math.Abs(v) >= 1e15 || math.Abs(v) < 1e-4 {
		return raw
	}
	return strconv.FormatFloat(math.Round(v*1e9)/1e9, 'f', -1, 64)
}

// brackets takes [$-804] and [Red] out of a format, and the marks for blanks.
func brackets(code string) string {
	for {
		i := strings.IndexByte(code, '[')
		if i < 0 {
			break
		}
		k := strings.IndexByte(code[i:], ']')
		if k < 0 {
			break
		}
		inner := code[i+1 : i+k]
		if strings.Trim(strings.ToLower(inner), "hms") == "" { // [h]: hours beyond a day
			code = code[:i] + inner + code[i+k+1:]
			continue
		}
		code = code[:i] + code[i+k+1:]
	}
	return code
}

// isDate says whether a format is one of days or times.
func isDate(code string) bool {
	quoted := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\':
			i++
		case !quoted && strings.IndexByte("ymdhsYMDHS", c) >= 0:
			return true
		}
	}
	return false
}

// date writes a day, counted from 1900, in a format.
func (f formats) date(v float64, code string) string {
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if f.from1904 {
		day = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if v < 60 {
		day = day.AddDate(0, 0, 1) // Excel counts a 29 February 1900
	}
	whole := math.Floor(v)
	t := day.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round((v-whole)*86400)) * time.Second)
	var out strings.Builder
	lastHour := false
	half := strings.Contains(strings.ToUpper(code), "AM/PM")
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			out.WriteString(code[i+1 : i+1+end])
			i += end + 2
			continue
		case (c == '\\' || c == '_') && i+1 < len(code):
			if c == '\\' {
				out.WriteByte(code[i+1])
			}
			i += 2
			continue
		case half && len(code) >= i+5 && strings.EqualFold(code[i:i+5], "AM/PM"):
			out.WriteString(t.Format("PM"))
			i += 5
			continue
		}
		n := 1
		lower := c | 0x20
		for i+n < len(code) && code[i+n]|0x20 == lower && strings.IndexByte("ymdhs", lower) >= 0 {
			n++
		}
		i += n
		minutes := lastHour || strings.HasPrefix(strings.TrimLeft(code[i:], ":\"分时\\ "), "s")
		if s := datePart(t, lower, n, minutes, half); s != "" {
			out.WriteString(s)
			lastHour = lower == 'h'
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}

// datePart writes n of the letters of a format; "" where the letter is none.
func datePart(t time.Time, letter byte, n int, minutes, half bool) string {
	layout := ""
	switch letter {
	case 'y':
		layout = map[bool]string{true: "06", false: "2006"}[n <= 2]
	case 'm':
		switch {
		case minutes && n <= 2:
			layout = map[bool]string{true: "4", false: "04"}[n == 1]
		case n >= 3:
			layout = "Jan"
		default:
			layout = map[bool]string{true: "1", false: "01"}[n == 1]
		}
	case 'd':
		if n >= 3 {
			return "周" + string([]rune("日一二三四五六")[t.Weekday()])
		}
		layout = map[bool]string{true: "2", false: "02"}[n == 1]
	case 'h':
		if half {
			layout = map[bool]string{true: "3", false: "03"}[n == 1]
			break
		}
		if n == 1 {
			return strconv.Itoa(t.Hour())
		}
		layout = "15"
	case 's':
		layout = map[bool]string{true: "5", false: "05"}[n == 1]
	default:
		return ""
	}
	return t.Format(layout)
}

// decimal writes a number with the places, commas and signs of a format.
func decimal(v float64, code string) string {
	var before, after strings.Builder
	places, digits, dot, comma := 0, 0, false, false
	for i := 0; i < len(code); i++ {
		c := code[i]
		switch c {
		case '0', '#', '?':
			digits++
			if dot && c != '#' {
				places++
			}
			continue
		case '.':
			dot = true
			continue
		case ',':
			comma = true
			continue
		case '%':
			v *= 100
		case '_', '*':
			i++
			continue
		case 'E', 'e':
			return strconv.FormatFloat(v, 'g', -1, 64)
		case '"':
			continue
		case '\\':
			continue
		}
		if digits == 0 {
			before.WriteByte(c)
		} else {
			after.WriteByte(c)
		}
	}
	if digits == 0 {
		return before.String()
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	if comma {
		s = thousands(s)
	}
	if v < 0 {
		s = "-" + s
	}
	return before.String() + s + after.String()
}

func thousands(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	var out strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(r)
	}
	if rest != "" {
		return out.String() + "." + rest
	}
	return out.String()
}
