"""Reading the YAML files organisers write: unknown keys, doubled keys and wrong values become sentences."""

from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from qianli.errors import BadInput

MAX_BYTES = 200_000


class Definition(BaseModel):
    """A definition file: nothing unknown, nothing coerced in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


D = TypeVar("D", bound=Definition)


class _Loader(yaml.SafeLoader):
    """Safe YAML without doubled keys, anchors or aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise BadInput("定义文件里不能用 YAML 引用（*名称），请把内容写全。")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        keys = [key.value for key, _ in node.value]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise BadInput(f"第 {node.start_mark.line + 1} 行起，“{'、'.join(doubled)}”写了两次，请只留一处。")
        return super().construct_mapping(node, deep)


def read_definition(content: bytes, model: type[D]) -> D:
    """The definition in a YAML file; BadInput lists every problem, in Chinese."""
    if len(content) > MAX_BYTES:
        raise BadInput("定义文件太大，超过 200 kB，请检查是否选错了文件。")
    try:
        data = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        raise BadInput("定义文件不是 UTF-8 编码，请另存为 UTF-8。") from error
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
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadInput("定义文件有错，请改正后重试：", [_sentence(one) for one in error.errors()]) from error


#: Dates stay text until the definition reads them: YAML itself fails on 30 February, and makes times of some dates.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

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
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"]) or "整个文件"
    if error["type"] == "value_error":
        return f"{where}：{error['ctx']['error']}"
    pattern = SENTENCES.get(error["type"], "这个值不对")
    return f"{where}：{pattern.format(**error.get('ctx', {}))}"
