"""How every benchmark ends: a line per measure, `name | value | asked | met` or `short`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A measured value beside what was asked; `asked` None: nothing was asked."""

    name: str
    value: float
    asked: float | None = None
    at_most: bool = False
    digits: int = 3

    @property
    def met(self) -> bool:
        if self.asked is None:
            return True
        return self.value <= self.asked if self.at_most else self.value >= self.asked

    def line(self) -> str:
        sign = "<=" if self.at_most else ">="
        asked = "-" if self.asked is None else f"{sign} {self.asked:g}"
        return f"{self.name} | {self.value:.{self.digits}f} | {asked} | {'met' if self.met else 'short'}"


def print_lines(measures: list[Measure]) -> None:
    """The closing lines."""
    print()
    for measure in measures:
        print(measure.line())
