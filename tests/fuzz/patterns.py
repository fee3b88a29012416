"""Every regular expression of the product, and texts at which each may take too long.

The texts come out of the expressions' own parse trees: for each thing that may be repeated, what
must stand before it, then the thing again and again, then something that fits nowhere.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import inspect
import itertools
import pkgutil
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

_PARSER: Final[Any] = importlib.import_module("re._parser")
_LEFT_OUT: Final = (
    "memory.remembering.training",
    "memory.record.migrations",
    "connector.demo.writing",
)
_OURS: Final = ("connector.", "memory.")
_ASKED_WITH: Final[dict[str, tuple[tuple[Any, ...], ...]]] = {
    "memory.text.redacting.ibans._characters": ((15,), (34,)),
    "memory.words.whole_words": (("benign",), ("never_kept",), ("sensitive", "never_kept")),
}
"""Arguments of functions that make an expression when they are first asked for it."""

_USES: Final = frozenset(
    {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
)
_SEVERAL: Final = 8
"""A thing that may be repeated less often is repeated no more often by any text."""

_VARIANTS: Final = 4
_DEEPEST: Final = 12
_ENDS: Final = ("\x01", "", "\n", "a", "1")
_OF_CATEGORY: Final = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": "-",
}
_CANDIDATES: Final = "a1 -.\n\tA_,:;!?\"'()[]<>@#/\\|+*=~\u00e9\u4e00\U0001f600"


class Attack(NamedTuple):
    """A text of any length: what stands first, what is repeated, and what stands last."""

    head: str
    body: str
    tail: str

    def of(self, length: int) -> str:
        """The text, of about that many characters."""
        return (
            self.head + self.body * (max(length - len(self.head), 0) // len(self.body)) + self.tail
        )


@functools.cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every expression of the product, by where it stands.

    Those that a module holds, those that a function makes once, and those that are written where
    they are used.
    """
    found: dict[re.Pattern[str], str] = {}
    for module in _modules():
        for name, value in sorted(vars(module).items()):
            for place, pattern in _held(value, f"{module.__name__}.{name}", 0):
                found.setdefault(pattern, place)
        for place, pattern in (*_made(module), *_written_out(module)):
            found.setdefault(pattern, place)
    return {place: pattern for pattern, place in found.items()}


def _made(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What a module's functions make when they are first asked, and keep."""
    for name, made in sorted(vars(module).items()):
        if not hasattr(made, "cache_info") or made.__module__ != module.__name__:
            continue
        if "Pattern" not in str(inspect.signature(made).return_annotation):
            continue
        place = f"{module.__name__}.{name}"
        assert place in _ASKED_WITH or not inspect.signature(made).parameters, (
            f"say in patterns.py with what {place} is asked"
        )
        for arguments in _ASKED_WITH.get(place, ((),)):
            yield from _held(made(*arguments), f"{place}{arguments}", 0)


def _written_out(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Expressions that functions of a module give to one of `re`'s as they are."""
    tree = ast.walk(ast.parse(inspect.getsource(module)))
    inside = (ast.walk(one) for one in tree if isinstance(one, ast.FunctionDef))
    for node in itertools.chain.from_iterable(inside):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=use),
                args=[ast.Constant(value=str(text)), *_],
            ) if use in _USES:
                yield f"{module.__name__}:{node.lineno}", re.compile(text)
            case _:
                continue


def _modules() -> Iterator[ModuleType]:
    for root in ("memory", "connector"):
        package = importlib.import_module(root)
        yield package
        for one in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not one.name.startswith(_LEFT_OUT) and not one.name.endswith("__main__"):
                yield importlib.import_module(one.name)


def _held(value: object, place: str, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield place, value
        return
    inner: Iterable[tuple[object, object]] = ()
    if depth > 3:
        return
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple | list):
        inner = enumerate(value)
    elif isinstance(value, functools.partial):
        inner = (*enumerate(value.args), *value.keywords.items())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        inner = [(one.name, getattr(value, one.name)) for one in dataclasses.fields(value)]
    elif type(value).__module__.startswith(_OURS) and hasattr(value, "__dict__"):
        inner = vars(value).items()
    for key, one in inner:
        yield from _held(one, f"{place}.{key}", depth + 1)


def attacks(pattern: re.Pattern[str]) -> list[Attack]:
    """The texts with which an expression is tried, in an order that does not change."""
    tree = list(_PARSER.parse(pattern.pattern, pattern.flags))
    found: dict[tuple[str, str], None] = {}
    for head, body in _repeated(tree, "", 0):
        if body:
            found[head, body] = None
    begun = ""
    for node in tree:
        begun += _fitting(node, 0)
        if begun:
            found["", begun] = None
    return [Attack(head, body, tail) for head, body in found for tail in _ENDS]


def _repeated(tree: Iterable[Any], head: str, depth: int) -> Iterator[tuple[str, str]]:
    """What stands before each thing that may be repeated, and the thing."""
    if depth > _DEEPEST:
        return
    for node in tree:
        name, argument = str(node[0]), node[1]
        if name.endswith("_REPEAT"):
            _, most, inner = argument
            if int(most) >= _SEVERAL:
                for body in _variants(inner, depth):
                    yield head, body
            yield from _repeated(inner, head, depth + 1)
        elif name == "BRANCH":
            for one in argument[1]:
                yield from _repeated(one, head, depth + 1)
        elif name in {"SUBPATTERN", "ATOMIC_GROUP", "ASSERT", "ASSERT_NOT", "GROUPREF_EXISTS"}:
            for one in _inside(name, argument):
                yield from _repeated(one, head, depth + 1)
        head += _fitting(node, 0)


def _inside(name: str, argument: Any) -> list[Any]:
    """The trees that a node holds."""
    if name == "ATOMIC_GROUP":
        return [argument]
    if name == "GROUPREF_EXISTS":
        return [one for one in argument[1:] if one is not None]
    return [argument[-1]]


def _variants(tree: Any, depth: int) -> list[str]:
    """Different texts that fit a tree: by the first class or choice that is in it."""
    nodes = list(tree)
    for place, node in enumerate(nodes):
        options = _options(node)
        if len(options) > 1:
            before = "".join(_fitting(one, depth) for one in nodes[:place])
            behind = "".join(_fitting(one, depth) for one in nodes[place + 1 :])
            return list(dict.fromkeys(f"{before}{one}{behind}" for one in options))[:_VARIANTS]
    return ["".join(_fitting(one, depth) for one in nodes)]


def _options(node: Any) -> list[str]:
    name, argument = str(node[0]), node[1]
    if name == "IN":
        return _letters(argument)
    if name in {"ANY", "NOT_LITERAL"}:
        return [one for one in "a1 -" if name == "ANY" or ord(one) != argument]
    if name == "BRANCH":
        return [_of(one, 0) for one in argument[1]]
    if name.endswith("_REPEAT"):
        return _variants(argument[2], 0)
    if name == "SUBPATTERN":
        return _variants(argument[-1], 0)
    return [_fitting(node, 0)]


def _fitting(node: Any, depth: int) -> str:
    """A text that a node of a parse tree fits; the shortest that comes to mind."""
    name, argument = str(node[0]), node[1]
    if depth > _DEEPEST:
        return ""
    if name in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
        return _letter(name, argument)
    if name == "BRANCH":
        return _of(argument[1][0], depth + 1)
    if name == "ASSERT":
        return _of(argument[1], depth + 1) if argument[0] < 0 else ""
    if name.endswith("_REPEAT"):
        return _of(argument[2], depth + 1) * min(int(argument[0]), 40)
    whole = name in {"SUBPATTERN", "ATOMIC_GROUP", "GROUPREF_EXISTS"}
    return _of(_inside(name, argument)[0], depth + 1) if whole else ""


def _letter(name: str, argument: Any) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name == "IN":
        return next(iter(_letters(argument)), "")
    return next(one for one in _CANDIDATES if name == "ANY" or ord(one) != argument)


def _of(tree: Any, depth: int) -> str:
    return "".join(_fitting(node, depth) for node in tree)


def _letters(members: Any) -> list[str]:
    """Letters of a class, of each of its parts one."""
    found: list[str] = []
    negated = False
    for member, argument in members:
        match str(member):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                found.append(chr(argument[0]))
            case "CATEGORY":
                found.append(_OF_CATEGORY[str(argument)])
            case _:
                raise AssertionError(member)
    if not negated:
        return found
    shunned = re.compile("[" + "".join(map(_written, members)) + "]")
    return [one for one in _CANDIDATES if shunned.match(one)][:_VARIANTS]


def _written(member: Any) -> str:
    """A member of a class as it is written."""
    name, argument = str(member[0]), member[1]
    if name == "NEGATE":
        return "^"
    if name == "RANGE":
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if name == "LITERAL":
        return re.escape(chr(argument))
    kind = str(argument).removeprefix("CATEGORY_")
    letter = kind.removeprefix("NOT_")[0].lower()
    return "\\" + (letter.upper() if kind.startswith("NOT_") else letter)
