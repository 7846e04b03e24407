package rules

import (
	"fmt"
	"regexp"
)

// compiler turns the patterns of one file into regular expressions and keeps
// the first error, so that loaders need not check after each pattern.
type compiler struct {
	file string
	vars map[string]string
	err  error
}

var varName = regexp.MustCompile(`\$\{([a-z_0-9]+)\}`)

func (c *compiler) expand(id, p string, depth int) string {
	if depth > 8 {
		c.fail(id, "its variables refer to each other")
		return p
	}
	return varName.ReplaceAllStringFunc(p, func(m string) string {
		name := m[2 : len(m)-1]
		v, ok := c.vars[name]
		if !ok {
			c.fail(id, fmt.Sprintf("no variable %q in [vars]", name))
		}
		return c.expand(id, v, depth+1)
	})
}

func (c *compiler) fail(id, why string) {
	if c.err == nil {
		c.err = fmt.Errorf("rules: %s: %s: %s", c.file, id, why)
	}
}

// quick is pattern for a [Pattern].
func (c *compiler) quick(id, p string) *Pattern {
	if p == "" {
		c.fail(id, "has no pattern")
		return nil
	}
	out, err := NewPattern(c.expand(id, p, 0))
	if err != nil {
		c.fail(id, err.Error())
	}
	return out
}

// quickOptional is quick, or nil for an empty pattern.
func (c *compiler) quickOptional(id, p string) *Pattern {
	if p == "" {
		return nil
	}
	return c.quick(id, p)
}
