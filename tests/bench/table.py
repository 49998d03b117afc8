"""Results as tables of medians, for a terminal."""

from bench.quantiles import quartiles
from bench.results import Case, Column, Results, Row


def number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def cell(values: list[float], column: Column) -> str:
    """The median; of a ratio with the quartiles of all rounds."""
    if not values:
        return ""
    q = quartiles(values)
    if column.divided_by is None:
        return number(q.median, column.digits)
    low, high = number(q.low, column.digits), number(q.high, column.digits)
    return f"{number(q.median, column.digits)} [{low} {high}]"


def grid(case: Case) -> list[list[str]]:
    """Header and rows, without the columns in which nobody has anything."""
    columns: list[list[str]] = [["", *(row.name for row in case.rows)]]
    for column in case.columns:
        cells = [
            cell(case.column_values(row, column), column) for row in case.rows
        ]
        if any(cells):
            columns.append([column.title, *cells])
    return [list(line) for line in zip(*columns)]


def notes(case: Case) -> list[str]:
    return [
        *(_row_note(row) for row in case.rows if row.note),
        *(note.text for note in case.notes),
    ]


def _row_note(row: Row) -> str:
    return f"{row.name}: {row.note}."


def title(case: Case) -> str:
    rounds = len({w.round for w in case.windows})
    plural = "" if rounds == 1 else "s"
    return f"{case.suite}: {case.title} ({rounds} round{plural})"


def aligned(lines: list[list[str]]) -> str:
    """As text; the first column to the left."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    text = []
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [c.rjust(w) for c, w in zip(line[1:], widths[1:])]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)


def _text(case: Case) -> str:
    text = [title(case), "", aligned(grid(case))]
    text += ["", *notes(case)] if notes(case) else []
    return "\n".join(text)


def facts(results: Results) -> dict[str, str]:
    settings = results.settings
    return {
        "date": results.date,
        **results.machine,
        **results.versions,
        "rounds": f"{settings['rounds']} of {settings['duration']} s windows",
        "messages": f"{settings['size']} bytes",
        "server workers": str(settings["workers"]),
        "client workers": str(settings["client_workers"]),
        "TLS": ", ".join(settings[name] for name in ("tls", "cipher", "key")),
        "seed": str(settings.get("seed", results.seed)),
    }


def render(results: Results) -> str:
    known = {k: v for k, v in facts(results).items() if v}
    width = max(map(len, known))
    parts = ["\n".join(f"{k.ljust(width)}  {v}" for k, v in known.items())]
    parts += [_text(case) for case in results.cases]
    parts += results.notes
    return "\n\n".join(parts)
