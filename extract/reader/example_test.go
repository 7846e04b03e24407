package reader_test

import (
	"fmt"
	"os"

	"tuogou/extract/reader"
	"tuogou/rules"
)

func ExampleReader_Read() {
	page, err := rules.LoadPage(os.DirFS("../../rules"))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := reader.New(page).Read(reader.Input{
		Name: "a.txt",
		Data: []byte("示例区关于脱钩的通知\n文号：示政发〔2031〕5号  成文日期：2031-08-09\n一、总体要求\n打印本页 关闭窗口"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range text.Blocks {
		fmt.Println(b.Kind, b.Field, b.Span.In(text.Body))
	}
	// Output:
	// title  示例区关于脱钩的通知
	// meta doc_no 文号：示政发〔2031〕5号
	// meta signed 成文日期：2031-08-09
	// para  一、总体要求
	// outside  打印本页 关闭窗口
}
