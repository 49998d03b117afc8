"""Results as Markdown, narrow enough to be read in a source, too."""

import textwrap

from bench import peers, table, versus
from bench.quantiles import quartiles
from bench.results import DISTURBED, Case, Column, Results, Row

# Short heads, by the titles that the wide tables have.
HEADS = {
    "round trips/s": "trips/s",
    "transactions/s": "trans/s",
    "server CPU us": "server",
    "client CPU us": "client",
    "server CPU us/MiB": "server/MiB",
    "client CPU us/MiB": "client/MiB",
    "ratio to plain TCP": "to plain",
    "ratio to tlsecho": "to tlsecho",
    "ratio to pipeline 1": "to depth 1",
    "ratio to no chain cache": "to uncached",
    "ratio to full": "to full",
    "ratio to the server without": "to without",
    "recv per echo": "recv",
    "send per echo": "send",
    "epoll_wait per echo": "wait",
    "p50, ratio to alone": "p50 to alone",
    "p99, ratio to alone": "p99 to alone",
    "client late p99 us": "late us",
}
EXPLAINED = {peers.BASE, peers.AGAIN, peers.PLAIN}  # once, by HOW
HOW = """
Medians of all rounds. *server* and *client*: microseconds of CPU time for each
round trip, transaction or MiB, of all processes of a server (of a proxy without
what is behind it) and of the load generator. *to X*: the server's CPU time, or
the number that the head names, divided by that of X in the same round (with a
pipeline, of X with the same one); ± half the distance of its quartiles. *recv*,
*send*, *wait*: system calls for each echo.
*late us*: p99 of how late the load generator itself was.
*tlsecho again* is the same program once more: what the two differ by is noise.
*base*, if there is one, is the build that this one is compared with.
*plain TCP* has no TLS, nor has the client that drives it: the limit.
"""


def _cell(case: Case, row: Row, column: Column) -> str:
    values = case.column_values(row, column)
    if not values:
        return ""
    q = quartiles(values)
    median = table.number(q.median, column.digits)
    if row.divisor(column) in (None, row.name):
        return median
    spread = table.number((q.high - q.low) / 2, column.digits)
    return f"{median} ±{spread}"


def _grid(case: Case) -> list[list[str]]:
    columns = [["", *(row.name for row in case.rows)]]
    for column in case.columns:
        cells = [_cell(case, row, column) for row in case.rows]
        if any(cells):
            columns.append([HEADS.get(column.title, column.title), *cells])
    return columns


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cells[0].ljust(widths[0])]
    padded += [c.rjust(w) for c, w in zip(cells[1:], widths[1:])]
    return "| " + " | ".join(padded) + " |"


def _lines(columns: list[list[str]]) -> list[str]:
    widths = [max(3, *map(len, cells)) for cells in columns]
    header, *rows = [list(cells) for cells in zip(*columns)]
    rule = "|" + "-" * (widths[0] + 2)
    rule += "".join("|" + "-" * (w + 1) + ":" for w in widths[1:]) + "|"
    return [_line(header, widths), rule, *(_line(r, widths) for r in rows)]


def _notes(case: Case) -> list[str]:
    """But how disturbed it was, which disturbance() sums up for all cases."""
    rows = [
        f"{row.name}: {row.note}."
        for row in case.rows
        if row.note and (row.name not in EXPLAINED or _failed(case, row))
    ]
    return rows + [n.text for n in case.notes if n.kind != DISTURBED]


def _failed(case: Case, row: Row) -> bool:
    return row.name in case.failures


def _case(case: Case) -> str:
    parts = ["\n".join([f"### {table.title(case)}", "", *_lines(_grid(case))])]
    notes = _notes(case)
    if notes:
        parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join(parts)


def disturbance(results: Results) -> str:
    """How much others used the machine meanwhile."""
    windows = [w for case in results.cases for w in case.windows]
    if not windows:
        return ""
    q = quartiles([w.foreign for w in windows])
    loud = sum(not w.quiet for w in windows)
    repeats = sum(w.tries - 1 for w in windows)
    return (
        f"in the windows that count others used {max(0.0, q.median):.2f} cores "
        f"(median; upper quartile {max(0.0, q.high):.2f}); {loud} of "
        f"{len(windows)} windows were taken although that was too much; "
        f"{repeats} were repeated for it, or since the client was late"
    )


def _facts(results: Results) -> list[str]:
    facts = table.facts(results)
    m = results.machine
    governor = m.get("governor", "not visible")
    machine = [
        m.get("CPU", ""),
        f"{m.get('cores', '?')} cores",
        m.get("memory", ""),
        f"hypervisor {m.get('hypervisor', '?')}",
        f"governor {governor}",
        m.get("system", ""),
        f"Linux {m.get('kernel', '?')}",
    ]
    versions = [f"{k} {v}" for k, v in results.versions.items() if v]
    load = [
        f"TLS {facts['TLS']}",
        f"messages of {facts['messages']}",
        f"{facts['server workers']} server workers",
        f"{facts['client workers']} client workers",
    ]
    run = [results.date, f"rounds: {facts['rounds']}", f"seed {facts['seed']}"]
    lines = [
        "- Machine: " + ", ".join(filter(None, machine)),
        "- Programs: " + ", ".join(versions),
        "- Load: " + ", ".join(load),
        "- Run: " + ", ".join(run),
        f"- Disturbed: {disturbance(results) or 'nothing was measured'}",
    ]
    return [textwrap.fill(t, 80, subsequent_indent="  ") for t in lines]


def render(results: Results) -> str:
    parts = ["\n".join(_facts(results)), HOW.strip()]
    parts += [_case(case) for case in results.cases]
    compared = versus.grid(results)
    if compared:
        columns = [list(column) for column in zip(*compared)]
        lines = [f"### {versus.TITLE}", "", *_lines(columns), "", versus.HOW]
        parts.append("\n".join(lines))
    if results.notes:
        parts.append("\n".join(f"- {note}" for note in results.notes))
    return "\n\n".join(parts)
