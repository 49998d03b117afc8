"""
How long a revoked client stays after SIGHUP, and what the others feel of it.

    N=10000 IDENTITIES=100 tests/bench/revoke

opens N idle connections, of as many clients; REVOKED=1 of these are revoked.
Meanwhile a client of another identity echoes on 64 connections at RATE=2000
round trips a second, for a second; and for one without a reload, to compare.
BUILD=build/release is where the programs are.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentTypeError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import argument, drive, pki
from bench.drive import Driver, Load
from bench.pki import Pki
from bench.program import Failed, Program, free_port
from bench.rig import FILES, raise_limit
from bench.terms import Terms

TERMS = Terms("1.3", "AES-128-GCM")
ECHOING = 64
WORDS = "certificate_revoked"


def _setting(name: str, default: int, most: int) -> int:
    return argument.whole(most)(os.environ.get(name, str(default)))


def _certs(build: Path, command: str, made: Pki, *names: str) -> None:
    subprocess.run(
        [build / "tlsecho-certs", command, made.directory, *names],
        stdout=subprocess.DEVNULL,
        check=True,
    )


@dataclass(frozen=True)
class Bench:
    build: Path
    pki: Pki
    port: int
    server: Program
    name: str

    def counters(self) -> dict[str, int]:
        text = subprocess.check_output(
            [
                self.build / "tlsecho-stat",
                "--json",
                "--once",
                f"--stats={self.name}",
            ]
        )
        found: dict[str, int] = json.loads(text)["counters"]
        return found

    def client(self, load: Load) -> Driver:
        argv = drive.command(
            self.build / drive.CLIENT, self.port, self.pki, TERMS, load
        )
        log = self.pki.directory / f"client-{time.monotonic_ns()}.log"
        driver = Driver(argv, log)
        try:
            driver.await_step("connected")
        except BaseException:
            driver.stop()
            raise
        return driver

    def holder(self, i: int, connections: int) -> Driver:
        """One client's connections, idle until they end."""
        path = self.pki.directory / f"c{i}"
        own = (f"--cert={path}.pem", f"--key={path}.key")
        load = Load(connections, 600, workers=1, extra=("--idle", *own))
        driver = self.client(load)
        driver.go_on()
        return driver

    def window(self, rate: int, ended: int | None) -> tuple[float, Any]:
        """
        A second of echoes; in it a reload, until so many have ended: after how
        many seconds; and the latency of the echoes.
        """
        load = Load(ECHOING, 1, workers=1, extra=(f"--rate={rate}",))
        taken = 0.0
        with self.client(load) as driver:
            drive.settle(self.server.session)
            driver.go_on()
            time.sleep(0.2)
            begin = time.monotonic()
            if ended is not None:
                ended += self.counters()["ended"]
                begin = time.monotonic()
                self.server.process.send_signal(signal.SIGHUP)
            while time.monotonic() < begin + 0.6:
                if self.counters()["ended"] == ended and taken == 0:
                    taken = time.monotonic() - begin
                time.sleep(0.01)
            driver.await_step("finished")
            driver.go_on()
            if ended is not None and taken == 0:
                raise Failed("they have not ended in 0.6 s")
            return taken, driver.report((0, 3))["round_trip"]


def _start(build: Path, directory: Path, identities: int) -> Bench:
    made = pki.make(build, directory / "ca", "ecdsa-p256")
    name, port = f"bench-{os.getpid()}", free_port()
    argv = [
        str(build / "tlsecho-server"),
        f"--listen=127.0.0.1:{port}",
        f"--cert={made.cert}",
        f"--key={made.key}",
        f"--ca={made.ca}",
        f"--crl={made.directory}/crl.pem",
        f"--stats={name}",
        "--idle-timeout=0",
        "--drain-timeout=0",
    ]
    everybody = [f"c{i}" for i in range(identities)]
    _certs(build, "client", made, *everybody)
    _certs(build, "crl", made)
    server = Program(argv, directory / "server.log")
    return Bench(build, made, port, server, name)


def _check(bench: Bench, revoked: list[Driver], each: int, left: int) -> None:
    """Exactly those have ended, and each was told why."""
    for driver in revoked:
        report = driver.report((1,))
        if report["alerts"] != {WORDS: each}:
            raise Failed(f"revoked, but: {report['alerts']}")
    counters = bench.counters()
    for name, expected in (
        ("ended_by_reload", each * len(revoked)),
        ("ended_revoked", each * len(revoked)),
        ("open", left),
    ):
        if counters[name] != expected:
            raise Failed(f"{name}: {counters[name]}, not {expected}")


def _show(title: str, latency: dict[str, float]) -> None:
    times = (
        f"{name} {latency[key] / 1e6:.2f} ms"
        for name, key in (("p50", "p50_ns"), ("p99", "p99_ns"))
    )
    print(f"{title}: {', '.join(times)}, max {latency['max_ns'] / 1e6:.2f} ms")


def _measure(directory: Path, stack: contextlib.ExitStack) -> None:
    build = Path(os.environ.get("BUILD", "build/release"))
    connections = _setting("N", 10_000, 1_000_000)
    identities = _setting("IDENTITIES", 100, connections)
    gone = _setting("REVOKED", 1, identities)
    rate = _setting("RATE", 2000, 1_000_000)
    each = connections // identities
    note = raise_limit(min(FILES, connections + 1000))
    if note:
        print(note, file=sys.stderr)
    bench = _start(build, directory, identities)
    stack.enter_context(bench.server)
    bench.server.await_port(bench.port)
    holders = [
        stack.enter_context(bench.holder(i, each)) for i in range(identities)
    ]
    before = bench.window(rate, None)[1]
    _certs(build, "revoke", bench.pki, *(f"c{i}" for i in range(gone)))
    taken, meanwhile = bench.window(rate, gone * each)
    drive.settle(bench.server.session)
    _check(bench, holders[:gone], each, (identities - gone) * each)
    print(
        f"{identities * each:,} connections of {identities:,} identities; "
        f"{gone:,} revoked: {gone * each:,} connections ended, no other."
    )
    print(f"SIGHUP to the end of the last: {taken * 1e3:.0f} ms")
    _show("echoes of others before", before)
    _show("echoes of others meanwhile", meanwhile)


def main() -> int:
    try:
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="tlsecho-bench.")
            )
            _measure(Path(directory), stack)
        return 0
    except (Failed, ArgumentTypeError, OSError) as error:
        print(f"tests/bench/revoke: {error}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"tests/bench/revoke: {error.cmd[0]} failed", file=sys.stderr)
    return 1
