"""drive: why a load generator has ended is told in its own words."""

import tempfile
import unittest
from pathlib import Path

from bench.drive import Driver
from bench.program import Failed

REPORT = """#!/bin/sh
echo '{"first_failure": {"reason": "not what was sent"}}'
exit 1
"""
CRASH = """#!/bin/sh
echo 'no memory' >&2
exit 1
"""


class DriverTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def driver(self, text: str) -> Driver:
        client = self.directory / "client"
        client.write_text(text, encoding="ascii")
        client.chmod(0o700)
        return Driver([str(client)], self.directory / "client.log")

    def test_ends_before_a_step(self) -> None:
        for text, words in ((REPORT, "not what was sent"), (CRASH, "no mem")):
            with self.driver(text) as driver:
                with self.assertRaisesRegex(Failed, words):
                    driver.await_step("connected")

    def test_ends_while_it_should_wait(self) -> None:
        with self.driver(REPORT) as driver:
            driver.program.process.wait()
            with self.assertRaisesRegex(Failed, "not what was sent"):
                driver.go_on()


if __name__ == "__main__":
    unittest.main()
