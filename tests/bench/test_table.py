"""quantiles, results and table: from windows to cells."""

import tempfile
import unittest
from pathlib import Path

from bench import page, plots, results, table
from bench.quantiles import Quartiles, quartiles
from bench.results import OWN, Case, Column, Results, Row, Window

US = Column("us", "us")
TO_LIMIT = Column("to limit", "us", "limit")
TO_OWN = Column("to own", "us", OWN)


def window(row: str, number: int, us: float) -> Window:
    return Window(row, number, {"us": us}, 1, 0.0, True)


def case() -> Case:
    rows = [Row("limit"), Row("ours", "limit", "a note")]
    made = Case("echo", "some", [US, TO_LIMIT, TO_OWN], rows)
    for number, (limit, ours) in enumerate([(10, 11), (20, 30), (10, 12)]):
        made.windows.append(window("limit", number, limit))
        made.windows.append(window("ours", number, ours))
    return made


def whole() -> Results:
    settings = {
        "rounds": 3,
        "duration": 1.0,
        "size": "1-100",
        "workers": 2,
        "client_workers": 2,
        "tls": "1.3",
        "key": "ed25519",
    }
    return Results("now", 7, settings, {"CPU": "x<y"}, {}, [case()], ["end"])


class QuartilesTest(unittest.TestCase):
    def test_one(self) -> None:
        self.assertEqual(quartiles([4]), Quartiles(4, 4, 4))

    def test_order_does_not_matter(self) -> None:
        self.assertEqual(quartiles([5, 1, 4, 2, 3]), Quartiles(2, 3, 4))

    def test_between_two(self) -> None:
        self.assertEqual(quartiles([1, 2]), Quartiles(1.25, 1.5, 1.75))


class ColumnTest(unittest.TestCase):
    def test_ratio_is_taken_within_a_round(self) -> None:
        made = case()
        made.windows.reverse()
        values = made.column_values(made.rows[1], TO_LIMIT)
        self.assertEqual(sorted(values), [1.1, 1.2, 1.5])

    def test_own_reference(self) -> None:
        made = case()
        self.assertEqual(len(made.column_values(made.rows[1], TO_OWN)), 3)
        self.assertEqual(made.column_values(made.rows[0], TO_OWN), [])

    def test_a_round_that_one_lacks_is_left_out(self) -> None:
        made = case()
        del made.windows[0]
        self.assertEqual(len(made.column_values(made.rows[1], TO_LIMIT)), 2)

    def test_division_by_nothing_is_left_out(self) -> None:
        made = case()
        made.windows[0] = window("limit", 0, 0)
        self.assertEqual(len(made.column_values(made.rows[1], TO_LIMIT)), 2)


class TableTest(unittest.TestCase):
    def test_cells(self) -> None:
        self.assertEqual(
            table.grid(case()),
            [
                ["", "us", "to limit", "to own"],
                ["limit", "10.00", "1.00 [1.00 1.00]", ""],
                ["ours", "12.00", "1.20 [1.15 1.35]", "1.20 [1.15 1.35]"],
            ],
        )

    def test_column_of_nobody_is_left_out(self) -> None:
        made = case()
        made.columns.insert(0, Column("what", "what"))
        self.assertEqual(table.grid(made)[0][1], "us")

    def test_text_is_aligned(self) -> None:
        lines = table.render(whole()).split("\n")
        header = next(line for line in lines if line.endswith("to own"))
        ours = next(line for line in lines if line.startswith("ours "))
        self.assertEqual(len(header), len(ours))
        self.assertIn("echo: some (3 rounds)", lines)
        self.assertIn("ours: a note.", lines)

    def test_markdown(self) -> None:
        lines = table.render(whole(), True).split("\n")
        self.assertIn("|  | us | to limit | to own |", lines)
        self.assertIn("|---|---:|---:|---:|", lines)

    def test_page_escapes(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "page.html"
            page.write(whole(), path, Path(directory))
            text = path.read_text(encoding="utf-8")
        self.assertIn("x&lt;y", text)
        self.assertIn("<td>1.20 [1.15 1.35]</td>", text)
        has_plots = plots.load(Path(directory)) is not None
        self.assertEqual("<svg" in text, has_plots)


class FileTest(unittest.TestCase):
    def test_results_survive_their_file(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "results.json"
            whole().write(path)
            self.assertEqual(results.read(path), whole())


if __name__ == "__main__":
    unittest.main()
