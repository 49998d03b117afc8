"""Results as one HTML page that needs nothing else."""

from html import escape
from pathlib import Path

from bench import files, plots, table, versus
from bench.results import Case, Results

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto;
  max-width: 80rem; padding: 0 1rem; color: #1c2429; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .55rem; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid #33566b; }
tbody tr:nth-child(even) { background: #f2f6f8; }
.facts td { text-align: left; } .notes { color: #55636b; font-size: .9rem; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1rem; }
.plots svg { max-width: 100%; height: auto; }
"""

HOW = """
Each number is the median of all rounds. In a round every row has one window,
in random order; a ratio is taken within its round, and [ ] are its quartiles;
with a pipeline it is that to another server with the same one.
"tlsecho" and "tlsecho again" are the same program twice: what they differ by
is noise. The CPU time is that of all processes of a server, by the kernel's
clocks; in front of a proxy's backend, only the proxy is counted.
"""


def _table(lines: list[list[str]]) -> str:
    header, *rows = lines
    head = "".join(f"<th>{escape(c)}</th>" for c in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def _case(case: Case, drawn: list[str]) -> str:
    notes = "".join(f"<li>{escape(n)}</li>" for n in table.notes(case))
    return (
        f"<h2>{escape(table.title(case))}</h2>\n"
        f"{_table(table.grid(case))}\n"
        f'<ul class="notes">{notes}</ul>\n'
        f'<div class="plots">{"".join(drawn)}</div>\n'
    )


def _versus(results: Results) -> str:
    lines = versus.grid(results)
    if not lines:
        return ""
    return (
        f"<h2>{escape(versus.TITLE)}</h2>\n<p>{escape(versus.HOW)}</p>\n"
        f"{_table(lines)}\n"
    )


def write(results: Results, path: Path, cache: Path) -> bool:
    """Returns whether there are plots in it."""
    pyplot = plots.load(cache)
    facts = "".join(
        f"<tr><td>{escape(k)}</td><td>{escape(v)}</td></tr>\n"
        for k, v in table.facts(results).items()
        if v
    )
    cases = "".join(
        _case(c, plots.of_case(pyplot, c) if pyplot else [])
        for c in results.cases
    )
    notes = "".join(f"<p>{escape(n)}</p>\n" for n in results.notes)
    files.write(
        path,
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>tlsecho: measured</title><style>{STYLE}</style></head>\n"
        f"<body><h1>tlsecho: measured</h1>\n<p>{escape(HOW)}</p>\n"
        f'<table class="facts">{facts}</table>\n'
        f"{_versus(results)}{cases}{notes}</body></html>\n",
    )
    return pyplot is not None
