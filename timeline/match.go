package timeline

import (
	"cmp"
	mathbits "math/bits"
	"slices"
	"strings"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// The shares from which two deadlines are one, tried on edited plans: see the soak
// test.
const (
	leastLike  = 0.55 // of an obligation and a deadline of the same work
	leastCopy  = 0.7  // of deadlines of two copies
	leastMoved = 0.9  // where only place and words speak for it
	leastTask  = 0.4  // of the tasks alone, where the day differs
	leastStory = 0.6  // of a story and the plan that it tells of
)

// face is what identity is judged by: what a deadline says, without its date.
type face struct {
	docs     []string // sorted: a text that was copied a thousand times has as many
	place    string
	clause   corpus.ClauseType
	task     bigrams
	taskBits bits
	sentence bigrams
	when     string
}

func faceOf(d *Deadline) face {
	task := newBigrams(d.Task)
	return face{docs: slices.Sorted(slices.Values(d.docs)), place: d.Place.Code, clause: d.Clause, task: task, taskBits: task.bits(),
		sentence: newBigrams(d.Sentence), when: timeKey(d.When)}
}

// timeKey is the same for the same time.
func timeKey(w When) string {
	return strings.Join([]string{string(w.Kind), w.Start, w.End, w.RRule, w.Formula}, "|")
}

// bigrams are the pairs of neighbouring characters of a text, sorted, without marks,
// figures and the signs of dates: 2018年底前 and 2019年6月底前 leave nothing.
type bigrams []uint64

func newBigrams(text string) bigrams {
	norm := align.Normal(text, nil)
	norm = slices.DeleteFunc(norm, func(c rune) bool { return c >= '0' && c <= '9' || strings.ContainsRune("年月日底前", c) })
	var out bigrams
	for i := 0; i+1 < len(norm); i++ {
		out = append(out, uint64(norm[i])<<32|uint64(norm[i+1]))
	}
	slices.Sort(out)
	return out
}

// like is from 0 to 1: the share of pairs in common, or nearly that of the shorter
// one in the longer, since rules cut a task from its sentence shorter or longer.
func (a bigrams) like(b bigrams) float64 {
	if slices.Equal(a, b) { // of copies nearly all are
		return 1
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common, i, j = common+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return alike(common, len(a), len(b))
}

// alike is the likeness of two sets that have so many in common.
func alike(common, a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	dice := 2 * float64(common) / float64(a+b)
	if short := min(a, b); short >= 3 {
		return max(dice, 0.9*float64(common)/float64(short))
	}
	return dice
}

// bits has a bit for each pair, some of them the same bit.
type bits [4]uint64

func (a bigrams) bits() (out bits) {
	for _, x := range a {
		h := x * 0x9e3779b97f4a7c15 // of 2^64 the golden part, as in Fibonacci hashing
		out[h>>62] |= 1 << (h >> 56 & 63)
	}
	return out
}

// atMost is how alike a and b can be, by their bits: a bit of one that the other lacks
// is a pair that the other lacks.
func (a bigrams) atMost(b bigrams, x, y bits) float64 {
	lacks, lacked := 0, 0
	for i := range x {
		lacks += mathbits.OnesCount64(x[i] &^ y[i])
		lacked += mathbits.OnesCount64(y[i] &^ x[i])
	}
	return alike(min(len(a)-lacks, len(b)-lacked), len(a), len(b))
}

// pair is an old and a new deadline that are one.
type pair struct {
	old, now int
	score    float64
	sameTime bool
}

// likeness is how much two deadlines say the same; 0 where they cannot be one.
func likeness(a, b *face) (score float64, sameTime bool) {
	sameTime = a.when == b.when
	if share(a.docs, b.docs) { // the very same words of the same document
		return 2, sameTime
	}
	if !sameTime && a.task.atMost(b.task, a.taskBits, b.taskBits) < leastTask {
		return 0, sameTime // most pairs end here
	}
	task := a.task.like(b.task)
	if task < leastTask && !sameTime {
		return 0, sameTime
	}
	around := a.sentence.like(b.sentence)
	if task < leastTask && around < leastStory {
		return 0, sameTime
	}
	score = 0.5*task + 0.5*around
	if a.clause == b.clause {
		score += 0.05
	}
	if sameTime {
		score += 0.05
	}
	return score, sameTime
}

// share reports whether two sorted lists have a value in common.
func share(a, b []string) bool {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := strings.Compare(a[i], b[j]); {
		case c == 0:
			return true
		case c < 0:
			i++
		default:
			j++
		}
	}
	return false
}

// pairs are the best pairs of two lists from a share on, each deadline in one of
// them. Of equal ones those with the same time come first, then those that come first
// in the lists, which are in the order of the text.
func pairs(old, now []*face, least float64) []pair {
	var all []pair
	for i, a := range old {
		for j, b := range now {
			if s, same := likeness(a, b); s >= least {
				all = append(all, pair{i, j, s, same})
			}
		}
	}
	return choose(all)
}

func choose(all []pair) []pair {
	slices.SortStableFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), number(b.sameTime)-number(a.sameTime), a.old-b.old, a.now-b.now)
	})
	olds, nows := map[int]bool{}, map[int]bool{}
	return slices.DeleteFunc(all, func(p pair) bool {
		if olds[p.old] || nows[p.now] {
			return true
		}
		olds[p.old], nows[p.now] = true, true
		return false
	})
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
