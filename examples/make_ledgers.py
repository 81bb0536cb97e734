"""Write the example ledgers as branches really have them: `python examples/make_ledgers.py`.

People, numbers and addresses are invented; the identity-card numbers have a wrong check digit on purpose.
The dates hang on the campaigns' planned delivery date (2027-01-20), so that the files never grow old.
"""

# ruff: noqa: E501 - rows of sample data read better on one line

import csv
import io
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
CREATED = datetime(2026, 12, 28)  # noqa: DTZ001 - Excel knows no zones
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
EXCEL_EPOCH = date(1899, 12, 30)

OFFICIAL = (
    "序号", "姓名", "所在党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期",
    "转为正式党员日期", "工作岗位", "手机号", "固定电话", "家庭住址", "党籍状态", "是否为失联党员", "失去联系日期",
    "是否为流动党员", "外出流向", "外出时间", "地址更新日期",
)  # fmt: skip
BRANCH = "云岭社区第{}党支部"


def wrong_identity_number(area: str, born: date, order: int) -> str:
    """Eighteen digits that nobody can have: the check digit is one off."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    right = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + CHECK_DIGITS[(right + 1) % 10]


def serial(day: date) -> int:
    """The number a spreadsheet keeps for a day."""
    return (day - EXCEL_EPOCH).days


def letter_members() -> list[list[object]]:
    """Six who can be reached in six provinces, one without address, one with an old one, one with a short number."""
    people = [
        ("罗正华", 1, "男", "汉族", date(1985, 3, 12), "大专", "2008年6月20日", "2009年6月20日", "电子厂线长", 13900001201,
         "", "广东省深圳市宝安区西乡街道固戍二路18号3栋502室", "广东深圳", "2015年3月", date(2026, 10, 12)),
        ("杨秀兰", 1, "女", "苗族", date(1990, 11, 5), "高中", "2013.07.01", "2014.07.01", "服装厂车工", "139 0000 1202",
         "", "浙江省义乌市稠江街道贝村路88号2单元301室", "浙江义乌", "2018.02", "2026年9月28日"),
        ("阿依努尔•热合曼", 2, "女", "维吾尔族", date(1993, 5, 21), "本科", serial(date(2016, 12, 9)), serial(date(2017, 12, 9)),
         "小学教师", 13900001203, "", "新疆维吾尔自治区乌鲁木齐市沙依巴克区友好南路576号教师公寓1单元902室", "新疆乌鲁木齐",
         "2019年8月", "2026.11"),
        ("王晓梅 ", 2, "女", "汉族", date(1988, 8, 30), "本科", "2010年12月1日", "2011年12月1日", "养老院护理员", 13900001204,
         "", "上海市浦东新区川沙新镇华夏东路2255弄16号401室", "上海", "2012年9月", date(2026, 12, 3)),
        ("石文斌", 1, "男", "侗族", date(1979, 1, 16), "中专", "2003.09.15", "2004.09.15", "机修工", "１３９００００１２０５",
         "", "江苏省苏州市昆山市玉山镇前进西路1277号7幢1102室", "江苏昆山", "2009.03", "2026年11月6日"),
        ("吴春燕", 3, "女", "布依族", date(1995, 12, 2), "大专", serial(date(2018, 6, 28)), serial(date(2019, 6, 28)), "快递站站长",
         13900001206, "", "四川省成都市双流区东升街道棠湖西路二段19号2栋1单元804室", "四川成都", "2020年5月", date(2026, 10, 25)),
        ("龙小军", 3, "男", "苗族", date(1987, 4, 9), "初中", "2011年7月1日", "2012年7月1日", "建筑工人", 13900001207,
         "", "", "湖北武汉", "2014年2月", ""),
        ("潘玉珍", 2, "女", "水族", date(1982, 10, 18), "高中", "2006.12.20", "2007.12.20", "鞋厂质检员", 13900001208,
         "", "广东省东莞市厚街镇康乐北路63号4楼406室", "广东东莞", "2011年4月", date(2025, 1, 8)),
        ("田贵生", 1, "男", "土家族", date(1976, 7, 7), "初中", "2001年7月1日", "2002年7月1日", "货车司机", 1390000120,
         "", "云南省昆明市官渡区关上街道关兴路212号5幢3单元201室", "云南昆明", "2016年6月", "2026年10月9日"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for order, person in enumerate(people, start=1):
        name, branch, gender, people_of, born, school, joined, full, work, mobile, landline, home, to, since, known = (
            person
        )
        card = wrong_identity_number("520103", born, 100 + order)
        shown = born if order % 2 else f"{born.year}年{born.month:02d}月{born.day:02d}日"
        rows.append(
            [order, name, BRANCH.format(branch), card, gender, people_of, shown, school, "正式党员", joined, full, work,
             mobile, landline, home, "正常", "否", "", "是", to, since, known]
        )  # fmt: skip
    return rows


def write_workbook(path: Path, sheet_name: str, above: list[str], titles: tuple[str, ...], rows: list[list[object]],
                   below: str) -> None:  # fmt: skip
    """A workbook with merged title rows, a header, rows and a footer row."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        heading = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        plain = book.add_format({"align": "left"})
        header = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
        cell = book.add_format({"border": 1})
        day = book.add_format({"border": 1, "num_format": "yyyy/m/d"})
        sheet = book.add_worksheet(sheet_name)
        last = len(titles) - 1
        sheet.merge_range(0, 0, 0, last, above[0], heading)
        for number, line in enumerate(above[1:], start=1):
            sheet.merge_range(number, 0, number, last, line, plain)
        sheet.write_row(len(above), 0, titles, header)
        for number, row in enumerate(rows, start=len(above) + 1):
            for column, value in enumerate(row):
                sheet.write(number, column, value, day if isinstance(value, date) else cell)
        sheet.merge_range(len(above) + 1 + len(rows), 0, len(above) + 1 + len(rows), last, below, plain)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, last, 14)
    path.write_bytes(target.getvalue())


def write_letter_ledger() -> None:
    """The official summary table with data from row 5, and a workbook that brings the address that was missing."""
    above = ["党员基本信息汇总表", "填报单位：青石街道云岭社区党委", "统计截止：2026年12月28日"]
    below = "填表人：周敏        审核人：韦光明        填表日期：2026年12月28日"
    folder = HERE / "qianli-letter"
    write_workbook(folder / "ledger.xlsx", "流动党员", above, OFFICIAL, letter_members(), below)
    titles = ("序号", "党员姓名", "出生年月日", "移动电话", "最新地址", "更新时间")
    row: list[object] = [
        1, "龙小军", "1987-04-09", 13900001207, "湖北省武汉市洪山区关山街道雄楚大道888号金地小区6栋2单元1501室", "2027年1月11日",
    ]  # fmt: skip
    write_workbook(
        folder / "correction.xlsx",
        "补充地址",
        ["流动党员地址补充表"],
        titles,
        [row],
        "填表人：周敏    日期：2027年1月11日",
    )


def write_study_ledger() -> None:
    """A village's own list, as CSV in the encoding its old computer saves."""
    titles = [
        "编号", "党员姓名", "性别", "民族", "文化程度", "身份证号码", "出生年月", "入党时间", "党员类别", "联系电话", "从事职业",
        "外出日期", "外出地点", "现居住地址", "核实日期", "党费交至", "备注",
    ]  # fmt: skip
    people = [
        ("彭大勇", "男", "土家族", "高中", date(1984, 6, 3), "2007.07", "13900003401", "制鞋工", "2012.03", "福建晋江",
         "福建省泉州市晋江市陈埭镇鞋都路158号员工宿舍3栋402室", "2026.10.18", "2026年12月", ""),
        ("向小兰", "女", "苗族", "初中", date(1991, 9, 14), "2015.06", "139-0000-3402", "制鞋工", "2016.02", "福建晋江",
         "福建省晋江市陈埭镇鞋都路158号 员工宿舍3栋402室", "2026.10.18", "2026年12月", "与彭大勇同厂"),
        ("田 明", "男", "土家族", "初中", date(1996, 2, 27), "2019.12", "13900003403", "仓库管理员", "2019.03", "福建晋江",
         "福建省晋江市陈埭镇鞋都路１５８号，员工宿舍３栋４０２室", "2026.10.18", "2026年12月", ""),
        ("覃丽君", "女", "土家族", "大专", date(1989, 12, 8), "2012.06", "13900003404", "超市收银员", "2014.09", "福建石狮",
         "福建省石狮市湖滨街道八七路1099号2号楼503室", "2026.11.02", "2026年11月", ""),
        ("瞿建平", "男", "汉族", "中专", date(1980, 5, 19), "2004.11", "13900003405", "装修工", "2010.03", "福建厦门",
         "福建省厦门市同安区祥平街道祥福路26号201室", "2026.09.20", "2026年12月", ""),
        ("李长根", "男", "土家族", "初中", date(1977, 8, 1), "2002.07", "13900003406", "泥瓦工", "2013.03", "福建漳州",
         "", "", "2026年9月", "住址待问"),
        ("尚桂花", "女", "苗族", "初中", date(1986, 3, 25), "2010.12", "13900003407", "家政服务员", "2017.02", "福建福州",
         "福建省福州市仓山区金山街道金榕北路13号6座704室", "2025.01.15", "2026年6月", ""),
        ("彭继业", "男", "土家族", "高中", date(1993, 10, 10), "2017.06", "139000034080", "外卖骑手", "2018.05", "福建泉州",
         "福建省泉州市丰泽区东湖街道湖心街437号1单元602室", "2026.10.30", "2026年12月", ""),
    ]  # fmt: skip
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(["临溪镇石门村党支部外出党员花名册"] + [""] * (len(titles) - 1))
    writer.writerow(["填报时间：2026年12月20日"] + [""] * (len(titles) - 1))
    writer.writerow(titles)
    for order, person in enumerate(people, start=1):
        name, gender, people_of, school, born, joined, *rest = person
        card = wrong_identity_number("433127", born, 200 + order)
        writer.writerow([order, name, gender, people_of, school, card, f"{born:%Y.%m.%d}", joined, "正式党员", *rest])
    writer.writerow(["填表人：彭支书　　共 8 人"] + [""] * (len(titles) - 1))
    (HERE / "study-books" / "ledger.csv").write_bytes(written.getvalue().encode("gb18030"))


if __name__ == "__main__":
    write_letter_ledger()
    write_study_ledger()
    print("examples/qianli-letter/ledger.xlsx, correction.xlsx; examples/study-books/ledger.csv")
