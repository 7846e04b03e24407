package office

import (
	"context"

	"tuogou/extract/reader/flow"
)

func (p *pack) readXLSX(main string) error {
	return flow.Errorf("unsupported", "还不能读取这种文件")
}
func readRTF(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	return nil, flow.Errorf("unsupported", "还不能读取这种文件")
}
