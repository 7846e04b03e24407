# generate FOLDER FROM TO YEAR writes plans of invented places, each different.
generate() {
  awk -v dir="$1" -v from="$2" -v to="$3" -v year="$4" 'BEGIN {
    split("机构分离，规范综合监管关系。取消主管关系 职能分离，规范行政委托和职责分工关系。剥离行政职能 资产财务分离，规范财产关系。完成办公用房清理腾退 人员管理分离，规范用人关系。完成公务员兼职清理 党建、外事等事项分离，规范管理关系。理顺党建工作", c, " ")
    split("行业协会 商会 学会 联合会 促进会 研究会 基金会 服务中心 会员单位 秘书处 理事会 分支机构", w, " ")
    split("清点 移交 登记 核销 公示 评估 培训 督促 整理 变更 归还 盘点 约谈 备案 汇总 审查", v, " ")
    split("办公用房 银行账户 印章证照 档案资料 会费票据 专项资金 固定资产 工作人员 党员组织关系 外事护照 统计报表 刊物网站 展览活动 评比项目 合同文本 车辆设备", b, " ")
    split("一 二 三 四 五", m, " ")
    split("民政局 编办 财政局 人力资源社会保障局 组织部", o, " ")
    for (i = from; i < to; i++) {
      f = sprintf("%s/plan%06d.txt", dir, i)
      printf "示例%d区行业协会商会与行政机关脱钩实施方案（示例）\n\n示%d政发〔%d〕%d号\n\n一、总体要求\n\n按照上级部署，积极稳妥推进行业协会商会与行政机关脱钩，涉及协会%d家。\n\n二、脱钩任务\n\n", i, i, year, i % 900 + 1, i * 7 % 83 > f
      for (k = 1; k <= 5; k++) printf "（%s）%s，%d年%d月底前完成第%d批%d家。（区%s负责）\n\n", m[k], c[k], year + (i + k) % 4, (i * k) % 12 + 1, i % 3 + 1, i * k % 97, o[k] > f
      printf "三、重点事项\n\n" > f
      r = i * 7919 + 17 # each document has words of its own: no two are copies
      for (k = 1; k <= 12; k++) {
        r = (r * 1103 + 12345) % 1000003
        printf "%d．组织%s%s%s，并由%s%s%s。\n", k, w[r % 12 + 1], v[int(r / 12) % 16 + 1], b[int(r / 192) % 16 + 1], w[int(r / 31) % 12 + 1], v[int(r / 77) % 16 + 1], b[int(r / 5) % 16 + 1] > f
      }
      printf "\n%d年%d月%d日\n", year, i % 12 + 1, i % 28 + 1 > f
      close(f)
    }
  }'
}
