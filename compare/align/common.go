package align

import "slices"

// block is a run of n equal characters at a in one text and b in the other.
type block struct{ a, b, n int }

// mostCells bounds the table of one pair of sentences; longer ones (a list of
// names without a full stop) are compared by their equal ends only.
const mostCells = 4 << 20

// common is the longest common subsequence of a and b as blocks. Single
// characters between differing ones are left out: any two sentences share 的.
func common(a, b []rune) []block {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []block
	if head > 0 {
		out = append(out, block{0, 0, head})
	}
	out = append(out, middle(a[head:len(a)-tail], b[head:len(b)-tail], head)...)
	if tail > 0 {
		out = append(out, block{len(a) - tail, len(b) - tail, tail})
	}
	whole := len(a) == len(b) && head == len(a)
	return slices.DeleteFunc(out, func(k block) bool { return k.n < 2 && !whole })
}

// middle is the same for what stands between the equal ends.
func middle(a, b []rune, at int) []block {
	if len(a) == 0 || len(b) == 0 || (len(a)+1)*(len(b)+1) > mostCells {
		return nil
	}
	w := len(b) + 1
	table := make([]uint16, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i*w+j] = table[(i+1)*w+j+1] + 1
				continue
			}
			table[i*w+j] = max(table[(i+1)*w+j], table[i*w+j+1])
		}
	}
	var out []block
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			if n := len(out); n > 0 && out[n-1].a+out[n-1].n == at+i && out[n-1].b+out[n-1].n == at+j {
				out[n-1].n++
			} else {
				out = append(out, block{at + i, at + j, 1})
			}
			i, j = i+1, j+1
		case table[(i+1)*w+j] >= table[i*w+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
