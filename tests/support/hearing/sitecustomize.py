"""Hears what a process of ours logs and counts, and of which errors it tells.

Python imports this module as it starts, wherever its folder stands in `PYTHONPATH`: so the tests
hear the commands that they start, and their children. It costs a start next to nothing, since it
does nothing before what it listens to is imported, and changes nothing that is printed: a line
below the level that the program has set is heard here, and goes no further.

What is heard is appended to the file that `HEARD_IN` names, as Python writes a pair: where it was,
and a text. Whoever started the process reads it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # of `typing`, which a process may never need
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from logging import Logger, LogRecord
    from types import ModuleType, TracebackType
    from typing import Any

    from memory.errors import RememberError

    Tell = Callable[[str, str], None]

HEARD_IN = "HEARD_IN"
"""The environment's variable that names the file."""

OURS = ("connector", "memory")
"""The first words of our loggers' names; importing them from the product would load it."""

_WARNING = 30


def hear(tell: Tell) -> None:
    """Tell of every line that this process logs from now on, of every error and every metric.

    Args:
        tell: Is given where it was, and a text: a line with all that stands beside it, an error
            with its hint, what a metric is labelled with, the last words of a process that nobody
            caught.
    """
    _after("logging", lambda module: _hear_loggers(tell, module))
    _after("memory.errors", lambda module: _hear_errors(tell, module))
    _after("prometheus_client.metrics", lambda module: _hear_metrics(tell, module))
    _hear_the_end(tell)


class _After:
    """Does something with a module as soon as it has been imported."""

    def __init__(self, name: str, then: Callable[[Any], None]) -> None:
        self._name = name
        self._then = then

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as it is found without this, which then is done with."""
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        specs = (finder.find_spec(name, path, target) for finder in sys.meta_path)
        found = next((spec for spec in specs if spec is not None), None)
        if found is not None and found.loader is not None:
            load = found.loader.exec_module

            def loaded(module: ModuleType) -> None:
                load(module)
                self._then(module)

            found.loader.exec_module = loaded  # type: ignore[method-assign]
        return found


def _after(name: str, then: Callable[[Any], None]) -> None:
    if name in sys.modules:
        then(sys.modules[name])
    else:
        sys.meta_path.insert(0, _After(name, then))


def _hear_loggers(tell: Tell, logging: Any) -> None:
    """Let our loggers take every line, and pass on what they would have passed on."""
    enabled, handle = logging.Logger.isEnabledFor, logging.Logger.handle
    usual = frozenset(vars(logging.makeLogRecord({})))

    def is_enabled(logger: Logger, level: int) -> bool:
        return _is_ours(logger.name) or enabled(logger, level)

    def heard(logger: Logger, record: LogRecord) -> None:
        ours = _is_ours(record.name)
        if ours or record.levelno >= _WARNING:
            tell(f"The logger {record.name}", _text(record, usual))
        if not ours or enabled(logger, record.levelno):
            handle(logger, record)

    logging.Logger.isEnabledFor = is_enabled
    logging.Logger.handle = heard


def _hear_errors(tell: Tell, errors: Any) -> None:
    """Hear every error of ours as it is made, whoever catches it."""
    made = errors.RememberError.__init__

    def raised(error: RememberError, detail: str, hint: str = "") -> None:
        tell(f"The error {type(error).__name__}", f"{detail}\n{hint}")
        made(error, detail, hint)

    errors.RememberError.__init__ = raised


def _hear_metrics(tell: Tell, metrics: Any) -> None:
    """Hear with what metrics are labelled, of each once."""
    label = metrics.MetricWrapperBase.labels
    told: set[str] = set()

    def labelled(metric: Any, *values: object, **named: object) -> Any:
        text = "\n".join(map(str, (*values, *named.values())))
        if text not in told:
            told.add(text)
            tell(f"The metric {metric._name}", text)
        return label(metric, *values, **named)

    metrics.MetricWrapperBase.labels = labelled


def _hear_the_end(tell: Tell) -> None:
    """Hear what nobody caught."""
    last = sys.excepthook

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        tell("What nobody caught", f"{kind.__name__}: {error}")
        last(kind, error, trace)

    sys.excepthook = uncaught


def _text(record: LogRecord, usual: frozenset[str]) -> str:
    """A line: its message, what stands beside it, and an exception's own words."""
    parts = [record.getMessage()]
    parts += [str(value) for name, value in vars(record).items() if name not in usual]
    if record.exc_info and record.exc_info[1] is not None:
        parts.append(f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}")
    return "\n".join(parts)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def _writing(file: str) -> Tell:
    def write(where: str, text: str) -> None:
        # One write at the end of the file, so that lines of several processes do not mix.
        target = os.open(file, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(target, f"{(where, text)!a}\n".encode())
        finally:
            os.close(target)

    return write


if __name__ == "sitecustomize" and HEARD_IN in os.environ:
    hear(_writing(os.environ[HEARD_IN]))
