"""What was measured, and its JSON: everything that a report is made of."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import files
from bench.program import Failed


@dataclass
class Window:
    """One measurement of one row."""

    row: str
    round: int
    values: dict[str, float]
    tries: int
    foreign: float  # cores that others kept busy meanwhile
    quiet: bool  # others were within the limit, if not at the first try


@dataclass(frozen=True)
class Column:
    """
    A number, or the ratio of a number to that of another row in the same round.
    """

    title: str
    key: str
    divided_by: str | None = None  # a row, or OWN
    digits: int = 2


OWN = "@own"  # divided by the row that each row names as its reference


@dataclass
class Row:
    name: str
    reference: str | None = None
    note: str = ""
    variant: str = ""  # compared with the same variant of other rows

    @staticmethod
    def of(name: str, variant: str) -> "Row":
        """Its reference is the row without the variant."""
        return Row(f"{name}, {variant}", name, variant=variant)

    def divisor(self, column: Column) -> str | None:
        """The name of the row that it is divided by."""
        if column.divided_by == OWN:
            return self.reference
        if column.divided_by and self.variant:
            return f"{column.divided_by}, {self.variant}"
        return column.divided_by


DISTURBED = "disturbed"  # a kind of note: others used the machine


@dataclass(frozen=True)
class Note:
    text: str
    kind: str = ""


@dataclass
class Case:
    """A table: rows that were measured in turn, round by round."""

    suite: str
    title: str
    columns: list[Column]
    rows: list[Row]
    windows: list[Window] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # of our own rows

    def note(self, text: str, kind: str = "") -> None:
        self.notes.append(Note(text, kind))

    def lack(self, name: str, why: str, is_ours: bool) -> None:
        """A row that cannot even be begun."""
        self.note(f"{name}: {why}.")
        if is_ours:
            self.failures.append(name)

    def values(self, row: str, key: str) -> dict[int, float]:
        """By round."""
        return {
            w.round: w.values[key]
            for w in self.windows
            if w.row == row and key in w.values
        }

    def column_values(self, row: Row, column: Column) -> list[float]:
        """What a cell is the median of; empty if there is nothing."""
        values = self.values(row.name, column.key)
        if column.divided_by is None:
            return list(values.values())
        other = row.divisor(column)
        if other is None:
            return []
        below = self.values(other, column.key)
        return [
            value / below[n]
            for n, value in values.items()
            if below.get(n, 0) > 0
        ]


@dataclass
class Results:
    date: str
    seed: int
    settings: dict[str, Any]
    machine: dict[str, str]
    versions: dict[str, str]
    cases: list[Case] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        text = json.dumps(dataclasses.asdict(self), indent=1)
        files.write(path, text + "\n")


def _case(data: dict[str, Any]) -> Case:
    data["columns"] = [Column(**c) for c in data["columns"]]
    data["rows"] = [Row(**r) for r in data["rows"]]
    data["windows"] = [Window(**w) for w in data["windows"]]
    data["notes"] = [Note(**n) for n in data["notes"]]
    return Case(**data)


def read(path: Path) -> Results:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        data["cases"] = [_case(c) for c in data["cases"]]
        return Results(**data)
    except (KeyError, TypeError, ValueError):
        raise Failed(f"{path}: not our results") from None


def merge(parts: list[Results]) -> Results:
    """Of one machine and one set of programs; in the order given."""
    first = parts[0]
    for other in parts[1:]:
        known = {
            name: first.versions.get(name, v)
            for name, v in other.versions.items()
        }
        if other.machine != first.machine or other.versions != known:
            raise Failed(
                f"the results of {first.date} and {other.date} are of "
                "different machines or versions: render them one by one"
            )
        for key, value in other.settings.items():
            said = str(first.settings.get(key, value))
            if str(value) not in said.split(" or "):
                first.settings[key] = f"{said} or {value}"
        first.versions |= other.versions
        first.cases += other.cases
        first.notes += [n for n in other.notes if n not in first.notes]
    return first
