"""versus: from the windows of two builds to ratios."""

import tempfile
import unittest
from pathlib import Path

from bench import markdown, page, versus
from bench.results import Case, Column, Results, Row
from bench.test_table import whole, window

COLUMNS = [
    Column("us", "us"),
    Column("server CPU us", "server_us"),
    Column("to plain", "server_us", "plain TCP"),
]
# In each round.
TIMES = {
    "tlsecho": (9, 18, 27),
    "base": (10, 20, 36),
    "tlsecho again": (9, 27, 27),
    "plain TCP": (9, 9, 9),
}


def compared(variant: str = "") -> Results:
    """A table of which one column is compared."""
    rows = [Row(name + variant) for name in TIMES]
    case = Case("echo", "64 connections, all alike", COLUMNS, rows)
    for row, times in zip(rows, TIMES.values()):
        for number, us in enumerate(times):
            made = window(row.name, number, us)
            made.values["server_us"] = us
            case.windows.append(made)
    results = whole()
    results.cases.append(case)
    return results


RATIOS = [
    "0.90 [0.82 0.90]",
    "1.00 [1.00 1.25]",
    "2.00 [1.50 2.50]",
    "2.22 [1.67 3.11]",
]


class VersusTest(unittest.TestCase):
    def test_ratios_within_rounds(self) -> None:
        header, *rows = versus.grid(compared())
        self.assertEqual(header[2:4], ["tlsecho to base", "again to tlsecho"])
        self.assertEqual(
            rows, [["echo: 64 connections", "server CPU", *RATIOS]]
        )

    def test_variants_are_compared_with_each_other(self) -> None:
        rows = versus.grid(compared(", resumed"))[1:]
        title = "echo: 64 connections, resumed"
        self.assertEqual(rows, [[title, "server CPU", *RATIOS]])

    def test_nothing_without_another_build(self) -> None:
        self.assertEqual(versus.grid(whole()), [])
        self.assertEqual(versus.render(whole()), [])
        self.assertNotIn(versus.TITLE, markdown.render(whole()))

    def test_every_form_shows_it(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "page.html"
            page.write(compared(), path, Path(directory))
            html = path.read_text(encoding="utf-8")
        text = "\n".join(versus.render(compared()))
        for form in (text, html, markdown.render(compared())):
            self.assertIn(versus.TITLE, form)
            self.assertIn("0.90 [0.82 0.90]", form)


if __name__ == "__main__":
    unittest.main()
