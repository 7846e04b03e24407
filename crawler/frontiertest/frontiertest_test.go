package frontiertest_test

import (
	"testing"

	"tuogou/crawler"
	"tuogou/crawler/frontiertest"
)

func TestMemoryFrontier(t *testing.T) {
	frontiertest.Run(t, func(*testing.T) crawler.Frontier { return &crawler.MemoryFrontier{} })
}
