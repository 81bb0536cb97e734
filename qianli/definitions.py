"""Reading the YAML files organisers write: unknown keys, doubled keys and wrong values become sentences."""

import re
from collections import Counter
from datetime import date
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from qianli.errors import BadInput
from qianli.folding import visible

MAX_BYTES = 100_000
MOST_PROBLEMS = 50
LONGEST_KEY = 60
YEARS = range(2000, 2101)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Definition(BaseModel):
    """A definition file: nothing unknown, nothing coerced in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


D = TypeVar("D", bound=Definition)


def _day(value: object) -> object:
    """Only a day as one writes it: pydantic would take a number for seconds since 1970."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value) or int(value[:4]) not in YEARS:
        raise PydanticCustomError("date_parsing", "no day")
    return value


def _number(value: object) -> object:
    """Pydantic would take true for 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("number_expected", "no number")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Number = BeforeValidator(_number)


class _Loader(yaml.SafeLoader):
    """Safe YAML without doubled keys, anchors, aliases, tags and merges: what stands there is what is meant."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's
        line = event.start_mark.line + 1
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "anchor", None):
            raise BadInput(f"第 {line} 行：定义文件里不能用 YAML 引用（&名称、*名称），请把内容写全。")
        if getattr(event, "tag", None):
            raise BadInput(
                f"定义文件的格式不对：第 {line} 行不是正确的 YAML，不能用类型标记（以 ! 开头），请直接写值。"
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        line = node.start_mark.line + 1
        keys = Counter(key.value if isinstance(key, yaml.ScalarNode) else None for key, _ in node.value)
        if None in keys or "<<" in keys:
            raise BadInput(f"第 {line} 行起，有的名称不是文字（或者是“<<”），请写成“名称: 值”。")
        if doubled := sorted(_shown(key) for key, count in keys.items() if count > 1):
            raise BadInput(f"第 {line} 行起，“{'、'.join(doubled[:MOST_PROBLEMS])}”写了两次，请只留一处。")
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


def _shown(key: object) -> str:
    """A key for a sentence: it may be of any length, and YAML can write characters that no terminal shows."""
    return visible(str(key))[:LONGEST_KEY]


def read_definition(content: bytes, model: type[D]) -> D:
    """The definition in a YAML file; BadInput lists every problem, in Chinese."""
    return validated(read_mapping(content), model)


def read_mapping(content: bytes) -> dict[Any, Any]:
    """What a YAML file holds, not looked at yet."""
    if len(content) > MAX_BYTES:
        raise BadInput("定义文件太大，超过 100 kB，请检查是否选错了文件。")
    try:
        data = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        raise BadInput("定义文件不是 UTF-8 编码，请另存为 UTF-8。") from error
    except yaml.reader.ReaderError as error:
        raise BadInput("定义文件里有看不见的控制字符，请用纯文本编辑器重新保存。") from error
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"第 {line + 1} 行" if line is not None else "某处"
        raise BadInput(
            f"定义文件的格式不对：{where}不是正确的 YAML，请检查缩进、冒号和引号（不要用制表符）。"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("定义文件的格式不对：有的值不是它写明的种类，或者套了太多层，请检查。") from error
    if not isinstance(data, dict):
        raise BadInput("定义文件应当是“名称: 值”的清单。")
    return data


def validated(data: dict[Any, Any], model: type[D]) -> D:
    """The same as a definition; BadInput lists every problem, in Chinese."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [_sentence(one) for one in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]]
        raise BadInput("定义文件有错，请改正后重试：", problems) from error


#: Text stays text until the definition reads it. Of YAML's own ideas of text (2027-02-30 fails, 12:30 is 750, 0755 is
#: 493, no is false, 1_000 is 1000) only plain numbers, true, false and null are left.
_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in (
    ("int", r"[-+]?(0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}", "-+0123456789"),
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))

SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请检查拼写",
    "greater_than": "必须大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_type": "应当是文字（数字请加引号）",
    "string_too_short": "不能为空",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_pattern_mismatch": "写法不对",
    "string_unicode": "有不能用的字符",
    "number_expected": "应当是数字",
    "finite_number": "应当是数字",
    "int_parsing_size": "数字太大",
    "decimal_max_digits": "数字太大",
    "decimal_whole_digits": "数字太大",
    "too_long": "最多 {max_length} 项",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "enum": "只能是 {expected} 之一",
    "too_short": "至少要有 {min_length} 项",
    "list_type": "应当是一个清单",
    "dict_type": "应当是“名称: 值”的清单",
    "model_type": "应当是“名称: 值”的清单",
    "date_type": "应当是日期，如 2027-01-20",
    "date_parsing": "应当是日期，如 2027-01-20",
    "date_from_datetime_parsing": "应当是日期，如 2027-01-20",
    "date_from_datetime_inexact": "应当是日期，如 2027-01-20",
    "decimal_parsing": "应当是金额，如 3.50",
    "decimal_type": "应当是金额，如 3.50",
    "decimal_max_places": "金额最多两位小数",
}


def _sentence(error: ErrorDetails) -> str:
    # A part in brackets tells which of several forms was meant; it stands nowhere in the file.
    parts = [part for part in error["loc"] if not (isinstance(part, str) and part.startswith("("))]
    where = ".".join(str(part + 1) if isinstance(part, int) else _shown(part) for part in parts) or "整个文件"
    if error["type"] == "value_error":
        return f"{where}：{error['ctx']['error']}"
    pattern = SENTENCES.get(error["type"], "这个值不对")
    return f"{where}：{pattern.format(**error.get('ctx', {}))}"
