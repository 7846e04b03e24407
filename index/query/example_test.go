package query_test

import (
	"fmt"

	"tuogou/index/query"
)

func ExampleParse() {
	n, _ := query.Parse("脱钩 -文种：新闻 年份:2015..2018")
	fmt.Println(n)
	_, err := query.Parse("脱钩 kind:plann")
	fmt.Println(err != nil)
	// Output:
	// "脱钩" -kind:"news" year:2015..2018
	// true
}
