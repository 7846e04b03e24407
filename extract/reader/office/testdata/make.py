"""Makes the fixtures of this folder: python make.py (python-docx, openpyxl, LibreOffice).

plan.html is our own; everything in it is invented (示例)."""
import os, shutil, subprocess, sys, tempfile
from datetime import date
import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn, nsdecls
import openpyxl

here = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(here, name)


def convert(source, to, name, infilter=None):
    with tempfile.TemporaryDirectory() as tmp:
        cmd = ["soffice", "--headless", "-env:UserInstallation=file://" + tmp + "/profile"]
        if infilter:
            cmd.append("--infilter=" + infilter)
        subprocess.run(cmd + ["--convert-to", to, "--outdir", tmp, at(source)], check=True, stdout=subprocess.DEVNULL)
        ext = to.split(":")[0]
        base = os.path.splitext(os.path.basename(source))[0]
        shutil.copy(os.path.join(tmp, base + "." + ext), at(name))


LEVELS = """<w:abstractNum %s w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="（%%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimalEnclosedCircle"/><w:suff w:val="nothing"/><w:lvlText w:val="%%4"/></w:lvl>
</w:abstractNum>""" % nsdecls("w")


def features():
    d = docx.Document()
    numbering = d.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    first.addprevious(parse_xml(LEVELS))
    numbering.append(parse_xml('<w:num %s w:numId="91"><w:abstractNumId w:val="90"/></w:num>' % nsdecls("w")))
    numbering.append(parse_xml('<w:num %s w:numId="92"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0">'
                               '<w:startOverride w:val="1"/></w:lvlOverride></w:num>' % nsdecls("w")))

    def item(text, level, num=91):
        p = d.add_paragraph(text)
        p._p.get_or_add_pPr().append(parse_xml(
            '<w:numPr %s><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>' % (nsdecls("w"), level, num)))
        return p

    d.core_properties.title, d.core_properties.author = "示例方案", "示例作者"
    d.sections[0].header.paragraphs[0].text = "示例市人民政府文件"
    d.add_paragraph("示例市行业协会商会与行政机关脱钩实施方案", style="Title")
    d.add_paragraph("为贯彻落实“脱钩”要求 <示例> & 推进改革，制定本方案。")
    item("总体要求", 0)
    item("指导思想。坚持示例先行。", 1)
    item("基本原则。坚持示例分类。", 1)
    item("政社分开。", 2)
    item("权责明确。", 2)
    item("厘清边界。", 3)
    item("主要任务", 0)
    item("机构分离。", 1)
    d.add_heading("样式标题", level=2)
    p = d.add_paragraph("第一行")
    p.add_run().add_break()
    p.add_run("第二行\t制表")
    p = d.add_paragraph("期限为")
    for tag, text in (("w:del", "2019年"), ("w:ins", "2020年")):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), "1")
        mark.set(qn("w:author"), "示例")
        t = "w:delText" if tag == "w:del" else "w:t"
        mark.append(parse_xml('<w:r %s><%s>%s</%s></w:r>' % (nsdecls("w"), t, text, t)))
        p._p.append(mark)
    p.add_run("底前完成。")
    p = d.add_paragraph("公开")
    hidden = p.add_run("隐藏")
    hidden.font.hidden = True
    p.add_run("文字，见第")
    for xml in ('<w:fldChar w:fldCharType="begin"/>', '<w:instrText> REF a \\h </w:instrText>',
                '<w:fldChar w:fldCharType="separate"/>', "<w:t>三</w:t>", '<w:fldChar w:fldCharType="end"/>'):
        p._p.append(parse_xml("<w:r %s>%s</w:r>" % (nsdecls("w"), xml)))
    p.add_run("条。")
    p._p.append(parse_xml('<w:r %s><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>' % nsdecls("w")))
    box = ('<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
           ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
           ' xmlns:v="urn:schemas-microsoft-com:vml" %s><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
           '<w:txbxContent><w:p><w:r><w:t>文本框一次</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>'
           '<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>文本框一次</w:t></w:r></w:p></w:txbxContent>'
           '</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>') % nsdecls("w")
    r = parse_xml("<w:r %s/>" % nsdecls("w"))
    r.append(parse_xml(box))
    p._p.append(r)
    p._p.append(parse_xml('<w:sdt %s><w:sdtContent><w:r><w:t>控件内</w:t></w:r></w:sdtContent></w:sdt>' % nsdecls("w")))
    item("附则", 0, 92)
    table(d)
    d.save(at("features.docx"))


ROWS = [("序号", "任务", "牵头单位", "责任单位", "完成时限"),
        ("", "制定脱钩名单", "示例市民政局", "示例市发展改革委", "2020年6月底前"),
        ("", "清理合署办公", "示例市机关事务局", "各业务主管单位", "2020年9月底前"),
        ("", "资产财务分离", "", "示例市财政局", "2020年底前")]


def table(d):
    t = d.add_table(rows=5, cols=5)
    t.style = "Table Grid"
    t.cell(0, 0).merge(t.cell(0, 4)).text = "示例任务分工表"
    for i, row in enumerate(ROWS):
        for j, text in enumerate(row):
            t.cell(i + 1, j).text = text
    for i in (2, 3, 4):
        t.cell(i, 0).paragraphs[0]._p.get_or_add_pPr().append(parse_xml(
            '<w:numPr %s><w:ilvl w:val="0"/><w:numId w:val="93"/></w:numPr>' % nsdecls("w")))
    d.part.numbering_part.element.append(parse_xml(
        '<w:num %s w:numId="93"><w:abstractNumId w:val="94"/></w:num>' % nsdecls("w")))
    d.part.numbering_part.element.find(qn("w:num")).addprevious(parse_xml(
        '<w:abstractNum %s w:abstractNumId="94"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:suff w:val="nothing"/><w:lvlText w:val="%%1"/></w:lvl></w:abstractNum>' % nsdecls("w")))
    t.cell(3, 2).merge(t.cell(4, 2))
    inner = t.cell(4, 4).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内表一", "内表二"


def workbook():
    b = openpyxl.Workbook()
    s = b.active
    s.title = "任务分工"
    s.append(["示例市脱钩任务分工表"])
    s.merge_cells("A1:E1")
    s.append(["序号", "任务", "牵头单位", "责任单位", "完成时限"])
    s.append([1, "制定脱钩名单", "示例市民政局", "示例市发展改革委", date(2020, 6, 30)])
    s.append([2, "清理合署办公", "示例市民政局", "各业务主管单位", date(2020, 9, 30)])
    s.append([3, "资产 & 财务分离", "示例市财政局", None, 0.5])
    s.merge_cells("C3:C4")
    s["E3"].number_format = 'yyyy"年"m"月"d"日"'
    s["E4"].number_format = "yyyy/mm/dd"
    s["E5"].number_format = "0%"
    s["F3"] = 1234.5
    s["F3"].number_format = "#,##0.00"
    h = b.create_sheet("隐藏表")
    h["B2"] = "隐藏内容"
    h.sheet_state = "hidden"
    b.save(at("features.xlsx"))


def main():
    features()
    workbook()
    for to, name in (("docx", "plan.docx"), ("doc:MS Word 97", "plan.doc"), ("rtf", "plan.rtf")):
        convert("plan.html", to, name, "HTML (StarWriter)")
        convert("notes.html", to, name.replace("plan", "notes"), "HTML (StarWriter)")
    convert("features.docx", "doc:MS Word 97", "features.doc")
    convert("features.docx", "rtf", "features.rtf")


if __name__ == "__main__":
    main()
