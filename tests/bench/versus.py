"""Two builds compared: all tables of a run in one, as ratios."""

from collections.abc import Iterator

from bench import table
from bench.peers import AGAIN, BASE, PLAIN, TLSECHO
from bench.results import Case, Column, Results, Row

# What is compared, by the key of a column.
MEASURES = {
    "rate": "throughput",
    "mib_rate": "throughput",
    "server_us": "server CPU",
    "server_us_mib": "server CPU",
    "client_us": "client CPU",
    "client_us_mib": "client CPU",
    "p50_us": "p50",
    "p99_us": "p99",
    "kib": "memory",
}
RATIOS = {
    "tlsecho to base": (TLSECHO, BASE),
    "again to tlsecho": (AGAIN, TLSECHO),
    "tlsecho to plain TCP": (TLSECHO, PLAIN),
    "base to plain TCP": (BASE, PLAIN),
}
TITLE = "two builds: medians of ratios within a round [quartiles]"
HOW = (
    'tlsecho is this build, base the other one. What "again to tlsecho", '
    "twice the same build, differs from 1 by is noise."
)


def _variants(case: Case) -> list[str]:
    """What follows the name of a row, such as ", resumed"."""
    return [
        row.name.removeprefix(BASE)
        for row in case.rows
        if row.name.partition(",")[0] == BASE
    ]


def _lines(case: Case, variant: str) -> Iterator[list[str]]:
    title = f"{case.suite}: {case.title.partition(',')[0]}{variant}"
    for column in case.columns:
        if column.key not in MEASURES or column.divided_by is not None:
            continue
        cells = []
        for above, below in RATIOS.values():
            ratio = Column("", column.key, below + variant)
            values = case.column_values(Row(above + variant), ratio)
            cells.append(table.cell(values, ratio))
        if any(cells):
            yield [title, MEASURES[column.key], *cells]


def grid(results: Results) -> list[list[str]]:
    """Header and rows; nothing when no other build was measured."""
    rows = [
        line
        for case in results.cases
        for variant in _variants(case)
        for line in _lines(case, variant)
    ]
    return [["", "of", *RATIOS], *rows] if rows else []


def render(results: Results) -> list[str]:
    """Paragraphs of text."""
    lines = grid(results)
    return [TITLE, table.aligned(lines), HOW] if lines else []
