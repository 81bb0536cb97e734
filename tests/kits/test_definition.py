from pathlib import Path

import pytest

from qianli.errors import BadInput
from qianli.kits.definition import read_kit

GOOD = "code: k\nname: 资料包\nitems:\n  - {sku: a, name: 党徽, quantity: 1, weight_g: 12, unit_cost: 3.50}\n"


def test_a_kit_is_read_in_grams_and_fen() -> None:
    kit = read_kit(GOOD.encode())
    assert (kit.weight_g, kit.items[0].unit_cost_fen) == (12, 350)


@pytest.mark.parametrize("folder", ["qianli-letter", "study-books"])
def test_the_examples_are_good(folder: str) -> None:
    kit = read_kit(Path("examples", folder, "kit.yaml").read_bytes())
    assert len(kit.items) in (5, 6)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD.replace("name: 资料包", "name: 资料包\ncolour: red"), "colour：没有这一项"),
        (GOOD.replace("quantity: 1", "quantity: -1"), "quantity：必须大于 0"),
        (GOOD.replace("quantity: 1", "quantity: 1.5"), "quantity：应当是整数"),
        (GOOD.replace("unit_cost: 3.50", "unit_cost: 3.505"), "最多两位小数"),
        (GOOD.replace("code: k\n", ""), "code：缺少这一项"),
        (GOOD + "  - {sku: a, name: 党徽, quantity: 1, weight_g: 12}\n", "写了两次"),
        (GOOD + "code: again\n", "写了两次"),
        (GOOD + "  - {sku: b, name: 卡, quantity: 1, weight_g: 1, paper: contact_card}\n", "kind 应写 printed"),
        (GOOD + "  - {sku: b, name: 卡, quantity: 2, weight_g: 1, kind: printed, paper: contact_card}\n", "每人一份"),
        (GOOD + "  - {sku: b, name: 书, quantity: 1, weight_g: 1, kind: printed, paper: reader}\n", "用 text 写明"),
        (GOOD + "  - {sku: b, name: 信, quantity: 1, weight_g: 1, kind: printed, text: a.md}\n", "用 text 写明"),
        (GOOD + "  - {sku: b, name: 卡, quantity: 1, weight_g: 1, kind: printed, paper: poster}\n", "只能是"),
        (
            GOOD + "".join(f"  - {{sku: {n}, name: 信, quantity: 1, weight_g: 1, kind: printed}}\n" for n in "bc"),
            "每种只能有一样：letter",
        ),
        ("code: k\nitems: [&x {sku: a}, *x]\nname: n\n", "YAML 引用"),
        ("code:\tk\n\titems: 1", "第"),
        ("[1, 2]", "清单"),
        ("", "清单"),
        ("code: !!python/object/apply:os.system [ls]", "不是正确的 YAML"),
    ],
)
def test_bad_kits_get_a_clear_answer(content: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_kit(content.encode())
    assert says in " ".join([refused.value.message, *refused.value.problems])


def test_wrong_encoding_and_size_are_said() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        read_kit("code: 资".encode("gb18030"))
    with pytest.raises(BadInput, match="太大"):
        read_kit(b"x" * 300_000)
