"""options: what is taken and what is refused."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from bench import options, peers, suites
from bench.argument import CONNECTIONS_MAX


class OptionsTest(unittest.TestCase):
    def refuse(self, *arguments: str) -> str:
        """What it says about them."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            with self.assertRaises(SystemExit) as caught:
                options.parse(list(arguments))
        self.assertEqual(caught.exception.code, 2)
        return said.getvalue()

    def test_lists(self) -> None:
        settings = options.parse(
            ["--connections=64,1000", "--suites=echo", "--peers=nginx,hitch"]
        ).settings
        self.assertEqual(settings.connections, [64, 1000])
        self.assertEqual(settings.suites, ["echo"])
        self.assertEqual(settings.peers, ["nginx", "hitch"])

    def test_single_tables(self) -> None:
        words = ["echo-1000", "handshakes-ed25519", "large"]
        settings = options.parse(["--suites=" + ",".join(words)]).settings
        self.assertEqual(
            suites.names(settings), [*words[:2], "large-16k", "large-1m"]
        )

    def test_suites_are_measured_by_tables(self) -> None:
        settings = options.parse(["--connections=1,64"]).settings
        names = suites.names(settings)
        self.assertEqual(names, ["echo-1", "echo-64", *suites.TABLES])
        for name in names:
            self.assertTrue(suites.is_known(name))
            self.assertTrue(callable(suites.table(name)))

    def test_base_is_a_build_or_a_tree(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            tree = Path(directory).resolve()
            self.assertIn("no tlsecho-server in", self.refuse(f"--base={tree}"))
            build = tree / "build/release"
            build.mkdir(parents=True)
            (build / "tlsecho-server").touch()
            for given in (tree, build):
                settings = options.parse([f"--base={given}"]).settings
                self.assertEqual(settings.base, build)

    def test_base_chooses_what_two_builds_are_compared_by(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "tlsecho-server").touch()
            base = f"--base={directory}"
            settings = options.parse([base]).settings
            self.assertEqual(suites.names(settings), suites.COMPARED)
            self.assertEqual(
                [p.name for p in peers.chosen(settings)],
                ["tlsecho", "base", "tlsecho again", "plain TCP"],
            )
            settings = options.parse([base, "--peers=all"]).settings
            self.assertEqual(peers.chosen(settings), peers.PEERS)
        self.assertNotIn(
            "base", [p.name for p in peers.chosen(options.parse([]).settings)]
        )

    def test_seed_is_drawn_or_given(self) -> None:
        self.assertEqual(options.parse(["--seed=7"]).settings.seed, 7)
        drawn = {options.parse([]).settings.seed for _ in range(4)}
        self.assertGreater(len(drawn), 1)

    def test_refused(self) -> None:
        for argument in (
            "--connections=0",
            "--connections=64,",
            "--size=100-1",
            "--size=1-2-3",
            "--size=16777217",
            "--size=",
            "--connections=1000001",
            "--pipeline=1025",
            "--pipeline=x",
            "--workers=65",
            "--rate=1e4",
            "--late-limit=nan",
            "--seed=x",
            "--duration=0",
            "--duration=x",
            "--rounds=-1",
            "--rounds=0",
            "--peers=",
            "--tls=1.1",
            "--key=dsa",
            "--cipher=RC4",
            "--suites=echo-0",
            "--suites=echo-N",
            "--suites=large-",
            "--base=/",
        ):
            name = argument.split("=")[0]
            said = self.refuse(argument)
            self.assertIn(name, said)
            self.assertNotIn("invalid _", said)

    def test_unknown_suite_is_named(self) -> None:
        self.assertIn("'ecco' is none of echo,", self.refuse("--suites=ecco"))

    def test_unknown_peer_is_named(self) -> None:
        self.assertIn("'ngin' is none of nginx,", self.refuse("--peers=ngin"))

    def test_limits_are_those_of_the_programs(self) -> None:
        root = Path(__file__).resolve().parents[2]
        for program, name, limit in (
            ("client", "OPTIONS_RATE_MAX", options.RATE_MAX),
            ("client", "OPTIONS_PIPELINE_MAX", options.PIPELINE_MAX),
            ("client", "OPTIONS_CONNECTIONS_MAX", CONNECTIONS_MAX),
            ("server", "CONFIG_WORKERS_MAX", options.WORKERS_MAX),
        ):
            headers = (root / program).rglob("*.h")
            text = "".join(h.read_text(encoding="utf-8") for h in headers)
            self.assertRegex(text, rf"\b{name} = {limit}\b")

    def test_suites_are_all_in_order(self) -> None:
        settings = options.parse([]).settings
        self.assertEqual(settings.suites, list(suites.SUITES))

    def test_rate_of_the_client(self) -> None:
        settings = options.parse(["--rate=100000000"]).settings
        self.assertEqual(settings.rate, 100_000_000)
        self.assertIn("to 100,000,000", self.refuse("--rate=100000001"))

    def test_limits_are_told(self) -> None:
        self.assertIn("from 1 to 1,024", self.refuse("--pipeline=5000"))


if __name__ == "__main__":
    unittest.main()
