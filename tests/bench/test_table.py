"""quantiles, results and table: from windows to cells."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from bench import (
    files,
    markdown,
    page,
    plots,
    results,
    suite_echo,
    suite_handshakes,
    suite_latency,
    table,
)
from bench.program import Failed
from bench.quantiles import Quartiles, quartiles
from bench.results import (
    DISTURBED,
    OWN,
    Case,
    Column,
    Results,
    Row,
    Window,
)

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


def pipeline() -> Case:
    """The same, and each row's variant."""
    made = case()
    made.suite = "pipeline"
    made.rows += [Row.of("limit", "deep"), Row.of("ours", "deep")]
    for number, (limit, ours) in enumerate([(1, 3), (2, 3), (1.5, 3)]):
        made.windows.append(window("limit, deep", number, limit))
        made.windows.append(window("ours, deep", number, ours))
    return made


def whole() -> Results:
    settings = {
        "rounds": 3,
        "duration": 1.0,
        "size": "1-100",
        "workers": 2,
        "client_workers": 2,
        "tls": "1.3",
        "cipher": "AES-128-GCM",
        "key": "ed25519",
    }
    return Results("now", 7, settings, {"CPU": "x<y"}, {}, [case()], ["end"])


def columns_of(module: ModuleType) -> list[Column]:
    values = list(vars(module).values())
    values += [v for some in values if isinstance(some, list) for v in some]
    return [v for v in values if isinstance(v, Column)]


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

    def test_variant_is_divided_by_the_same_variant(self) -> None:
        made = pipeline()
        by_name = {r.name: r for r in made.rows}
        deep = made.column_values(by_name["ours, deep"], TO_LIMIT)
        self.assertEqual(sorted(deep), [1.5, 2, 3])
        self.assertEqual(
            made.column_values(by_name["limit, deep"], TO_LIMIT), [1, 1, 1]
        )
        flat = made.column_values(by_name["ours"], TO_LIMIT)
        self.assertEqual(sorted(flat), [1.1, 1.2, 1.5])
        own = made.column_values(by_name["ours, deep"], TO_OWN)
        self.assertEqual(sorted(own), [0.1, 0.25, 3 / 11])

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

    def test_page_escapes(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "page.html"
            page.write(whole(), path, Path(directory))
            text = path.read_text(encoding="utf-8")
        self.assertIn("x&lt;y", text)
        self.assertIn("<td>1.20 [1.15 1.35]</td>", text)
        has_plots = plots.load(Path(directory)) is not None
        self.assertEqual("<svg" in text, has_plots)


class MarkdownTest(unittest.TestCase):
    def test_table_is_padded(self) -> None:
        lines = markdown.render(whole()).split("\n")
        self.assertIn("|       |    us |   to limit |     to own |", lines)
        self.assertIn("|-------|------:|-----------:|-----------:|", lines)
        self.assertIn("| ours  | 12.00 | 1.20 ±0.10 | 1.20 ±0.10 |", lines)

    def test_reference_has_no_spread(self) -> None:
        text = markdown.render(replace(whole(), cases=[pipeline()]))
        line = next(t for t in text.split("\n") if t.startswith("| limit, d"))
        self.assertIn("| 1.50 | 1.00 | 0.10 ±0.01 |", " ".join(line.split()))

    def test_heads_are_those_of_columns(self) -> None:
        titles = {
            c.title
            for module in (suite_echo, suite_handshakes, suite_latency)
            for c in columns_of(module)
        }
        self.assertGreater(len(titles), 10)
        wide = [t for t in titles if len(markdown.HEADS.get(t, t)) > 13]
        self.assertEqual(wide, [])

    def test_narrow_enough(self) -> None:
        rows = [Row("tlsecho"), Row("tlsecho, no chain cache", "tlsecho")]
        for columns in (suite_handshakes.COLUMNS, suite_latency.COLUMNS):
            made = Case("handshakes", "some", columns, rows)
            for row in rows:
                values = {c.key: 12345.0 for c in columns} | {"resumed": 99}
                made.windows.append(Window(row.name, 0, values, 1, 0, True))
            text = markdown.render(replace(whole(), cases=[made]))
            self.assertLessEqual(max(map(len, text.split("\n"))), 110)

    def test_notes_are_a_list(self) -> None:
        text = markdown.render(whole())
        self.assertIn("\n- ours: a note.\n", text)
        self.assertTrue(text.endswith("\n- end"))

    def test_notes_of_disturbance_are_not_repeated(self) -> None:
        made = whole()
        made.cases[0].note("Others were busy.", DISTURBED)
        made.cases[0].note("Repeated since it is nice.")
        text = markdown.render(made)
        self.assertNotIn("Others were busy.", text)
        self.assertIn("\n- Repeated since it is nice.\n", text)
        self.assertIn("\nOthers were busy.\n", table.render(made))

    def test_disturbance(self) -> None:
        made = whole()
        made.cases[0].windows[0].quiet = False
        made.cases[0].windows[0].tries = 3
        text = markdown.disturbance(made)
        self.assertIn("1 of 6 windows were taken", text)
        self.assertIn("2 were repeated", text)


class MergeTest(unittest.TestCase):
    def test_one_after_the_other(self) -> None:
        other = whole()
        other.cases[0].suite = "large"
        other.settings["rounds"] = 5
        merged = results.merge([whole(), other])
        self.assertEqual([c.suite for c in merged.cases], ["echo", "large"])
        self.assertEqual(merged.settings["rounds"], "3 or 5")
        self.assertEqual(merged.notes, ["end"])

    def test_machines_do_not_mix(self) -> None:
        other = whole()
        other.machine["CPU"] = "another"
        with self.assertRaises(Failed):
            results.merge([whole(), other])


class FileTest(unittest.TestCase):
    def test_results_survive_their_file(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "results.json"
            made = whole()
            made.cases.append(pipeline())
            made.cases[0].note("Others were busy.", DISTURBED)
            made.write(path)
            self.assertEqual(results.read(path), made)

    def test_not_ours(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "results.json"
            for text in ("", "[]", "{}", '{"cases": [1]}'):
                path.write_text(text, encoding="utf-8")
                with self.assertRaises(Failed):
                    results.read(path)

    def test_what_cannot_be_written_leaves_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "taken"
            path.mkdir()
            with self.assertRaises(Failed):
                files.write(path, "text")
            self.assertEqual(list(Path(directory).iterdir()), [path])


if __name__ == "__main__":
    unittest.main()
