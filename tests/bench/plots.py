"""Plots of a table as SVG text; nothing without matplotlib."""

import io
import os
from pathlib import Path
from typing import Any

from bench.results import Case, Column

BAR, EDGE, MEDIAN = "#7aa6c2", "#33566b", "#b3261e"


def load(cache: Path) -> Any:
    """matplotlib's pyplot, or None. It keeps what it finds in cache."""
    os.environ.setdefault("MPLCONFIGDIR", str(cache))
    try:
        import matplotlib
    except ImportError:
        return None
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",  # text stays text
            "svg.hashsalt": "tlsecho",  # the same input, the same bytes
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.constrained_layout.use": True,
        }
    )
    from matplotlib import pyplot

    return pyplot


def _svg(pyplot: Any, figure: Any) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def _axes(pyplot: Any, names: list[str], title: str) -> tuple[Any, Any]:
    height = 0.9 + 0.36 * len(names)
    figure, axes = pyplot.subplots(figsize=(6.0, height))
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_yticks(range(1, len(names) + 1), names)
    axes.invert_yaxis()
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def boxes(pyplot: Any, case: Case, column: Column) -> str:
    """Median, quartiles, and whiskers to the extremes, over the rounds."""
    rows = [(r.name, case.column_values(r, column)) for r in case.rows]
    rows = [(name, values) for name, values in rows if values]
    figure, axes = _axes(pyplot, [name for name, _ in rows], column.title)
    axes.boxplot(
        [values for _, values in rows],
        vert=False,
        whis=(0, 100),
        widths=0.55,
        manage_ticks=False,
        patch_artist=True,
        boxprops={"facecolor": "#cfe0ea", "edgecolor": EDGE},
        whiskerprops={"color": EDGE},
        capprops={"color": EDGE},
        medianprops={"color": MEDIAN, "linewidth": 1.6},
    )
    axes.axvline(1, color="#888888", linewidth=0.8, linestyle="--")
    axes.set_xlim(left=0)
    return _svg(pyplot, figure)


def bars(pyplot: Any, case: Case, column: Column) -> str:
    """Medians, with what the table says beside each."""
    from bench.quantiles import quartiles
    from bench.table import cell

    rows = [(r.name, case.column_values(r, column)) for r in case.rows]
    rows = [(name, values) for name, values in rows if values]
    figure, axes = _axes(pyplot, [name for name, _ in rows], column.title)
    medians = [quartiles(values).median for _, values in rows]
    drawn = axes.barh(range(1, len(rows) + 1), medians, 0.6, color=BAR)
    labels = [cell(values, column) for _, values in rows]
    axes.bar_label(drawn, labels, padding=4, fontsize=9)
    axes.margins(x=0.14)
    return _svg(pyplot, figure)


def distribution(pyplot: Any, case: Case, column: Column) -> str:
    """How the windows of each row are distributed: empirical CDF."""
    figure, axes = pyplot.subplots(figsize=(6.0, 3.4))
    axes.set_title(f"{column.title}: windows up to x", loc="left", fontsize=10)
    for row in case.rows:
        values = sorted(case.column_values(row, column))
        if values:
            shares = [(i + 1) / len(values) for i in range(len(values))]
            axes.step(values, shares, where="post", label=row.name)
    axes.set_ylim(0, 1.02)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(
        frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5)
    )
    return _svg(pyplot, figure)


def of_case(pyplot: Any, case: Case) -> list[str]:
    """Boxes of ratios, bars of numbers; a single round has no spread."""
    rounds = len({w.round for w in case.windows})
    drawn = []
    for column in case.columns:
        count = sum(bool(case.column_values(r, column)) for r in case.rows)
        if count < 2:
            continue
        if column.divided_by is None:
            drawn.append(bars(pyplot, case, column))
        elif rounds > 1:
            drawn.append(boxes(pyplot, case, column))
    spread = [c for c in case.columns if c.key.startswith("server_us")]
    if rounds > 1 and spread:
        drawn.append(distribution(pyplot, case, spread[0]))
    return drawn
