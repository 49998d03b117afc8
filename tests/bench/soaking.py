"""
A server under load, and all that is done to one while it serves, for long.

    MINUTES=30 tests/bench/soak
    ROUNDS=10 tests/bench/soak

In rounds, each with new clients: CONNECTIONS=200 that stay and echo, and others
that come and go. In each round, in any order: two reloads, a worker more and
one fewer; in each but every fourth a worker that is killed; in every second an
upgrade, at times while a worker is killed. SEED=1 chooses the order, WORKERS=3
is how many serve, BUILD=build/release where the programs are.

Meanwhile all totals are read every 10 ms. It fails if one goes back, if clients
lose other connections than those of killed workers, or see a wrong byte, if
client and server count differently, or if in the end there are more
descriptors, processes or memory than after the first rounds.

Exit status: 0 all went well; 1 it did not.
"""

import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from argparse import ArgumentTypeError
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import argument, cpu, drive, memory, pki
from bench.drive import Driver, Load
from bench.pki import Pki
from bench.program import Failed, Program, free_port
from bench.rig import raise_limit
from bench.segment import Segment, Watch
from bench.tally import compare
from bench.terms import Terms

TERMS = Terms("1.3", "AES-128-GCM")
HOUR = 3600
MESSAGE_MAX = 1000  # bytes
COMING = ("--handshakes", "--rate=40", "--resume=50%")
STAYING = ("--rate=2000",)
WARM_ROUNDS = 2  # then it has all the memory that it needs
MEMORY_GROWS = 1.25
MEMORY_SLACK = 8 << 20
STATUSES = (0, 1, 3, 130)  # 1: connections were lost; 3: it was late; SIGINT


@dataclass(frozen=True)
class Resources:
    """Of a server without clients."""

    processes: int
    descriptors: int  # of the master
    pss: int

    def __str__(self) -> str:
        return (
            f"{self.processes} processes, {self.descriptors} descriptors of "
            f"the master, {self.pss / 1e6:.1f} MB"
        )


@dataclass(frozen=True)
class Setting:
    build: Path
    minutes: float
    rounds: int  # 0: as many as there is time for
    connections: int
    workers: int
    seed: int


def _setting() -> Setting:
    ask = os.environ.get
    rounds = ask("ROUNDS")
    return Setting(
        build=argument.build(ask("BUILD", "build/release")),
        minutes=argument.decimal(0.01, 10_000, "minutes")(ask("MINUTES", "30")),
        rounds=argument.whole(1_000_000)(rounds) if rounds else 0,
        connections=argument.whole(10_000)(ask("CONNECTIONS", "200")),
        workers=argument.whole(16)(ask("WORKERS", "3")),
        seed=argument.whole(1_000_000)(ask("SEED", "1")),
    )


class Soak:
    def __init__(
        self, setting: Setting, made: Pki, stack: contextlib.ExitStack
    ) -> None:
        self.setting = setting
        self.pki = made
        self.random = random.Random(setting.seed)
        self.port = free_port()
        name = f"soak-{os.getpid()}"
        self.server = stack.enter_context(
            Program(self._command(name), self.log)
        )
        self.server.await_port(self.port)
        self.segment = stack.enter_context(Segment(name))
        self.watch = stack.enter_context(Watch(self.segment))
        self.done: Counter[str] = Counter()

    @property
    def log(self) -> Path:
        return self.pki.directory / "server.log"

    def _command(self, name: str) -> list[str]:
        return [
            str(self.setting.build / "tlsecho-server"),
            f"--listen=127.0.0.1:{self.port}",
            f"--workers={self.setting.workers}",
            f"--cert={self.pki.cert}",
            f"--key={self.pki.key}",
            f"--ca={self.pki.ca}",
            f"--stats={name}",
            "--max-connections-per-address=100000",
            "--handshake-timeout=60s",
            "--drain-timeout=1h",
        ]

    def _counted(self, number: int, wanted: str, *others: str) -> None:
        before = self.segment.totals()
        self.server.process.send_signal(number)
        self.watch.await_more(before, wanted, *others)
        if self.segment.totals()[wanted] == before[wanted]:
            raise self.server.failure(f"no more {wanted}")

    def reload(self) -> None:
        self._counted(signal.SIGHUP, "reloads", "reloads_refused")

    def upgrade(self) -> None:
        self._counted(signal.SIGUSR2, "upgrades", "upgrades_refused")

    def more(self) -> None:
        self._counted(signal.SIGTTIN, "workers_added")

    def fewer(self) -> None:
        self._counted(signal.SIGTTOU, "workers_removed")

    def kill(self) -> None:
        before = self.segment.totals()
        os.kill(self.random.choice(self.segment.pids()), signal.SIGKILL)
        self.watch.await_more(before, "workers_killed")

    def kill_in_upgrade(self) -> None:
        before = self.segment.totals()
        self.server.process.send_signal(signal.SIGUSR2)
        time.sleep(self.random.random() / 2)
        self.kill()
        self.watch.await_more(before, "upgrades", "upgrades_refused")
        if self.segment.totals()["upgrades"] == before["upgrades"]:
            raise self.server.failure("no upgrade")

    def _events(self, number: int) -> list[str]:
        events = ["reload", "reload", "more", "fewer"]
        upgrades, kills = number % 2 == 0, number % 4 != 3
        if upgrades and kills and self.random.random() < 0.5:
            events.append("kill_in_upgrade")
        else:
            events += ["upgrade"] * upgrades + ["kill"] * kills
        self.random.shuffle(events)
        # The last worker may be one that drains, so that one is left to go.
        events.remove("fewer")
        events.insert(
            self.random.randint(events.index("more") + 1, len(events)), "fewer"
        )
        return events

    def _client(self, load: Load) -> Driver:
        argv = drive.command(
            self.setting.build / drive.CLIENT, self.port, self.pki, TERMS, load
        )
        log = self.pki.directory / f"client-{time.monotonic_ns()}.log"
        return Driver(argv, log)

    def round(self, number: int) -> None:
        size = f"1-{MESSAGE_MAX}"
        before = self.segment.totals()
        stays = Load(self.setting.connections, HOUR, size, 1, 1, STAYING)
        comes = Load(8, HOUR, size, 1, 1, COMING)
        with self._client(stays) as staying, self._client(comes) as coming:
            for driver in (staying, coming):
                driver.await_step("connected")
                driver.go_on()
            for event in self._events(number):
                time.sleep(self.random.random())
                getattr(self, event)()
                self.done.update(event.split("_in_"))
                self.watch.check()
            reports = [self._end(driver) for driver in (staying, coming)]
        self._rest()
        after = self.segment.totals()
        grown = {name: after[name] - before[name] for name in after}
        self.done.update(compare(grown, reports))

    def _end(self, driver: Driver) -> dict[str, Any]:
        driver.program.process.send_signal(signal.SIGINT)
        return driver.report(STATUSES)

    def _rest(self) -> None:
        """Until nobody is left of old workers, and new ones are there."""
        deadline = time.monotonic() + 60
        wanted = self.setting.workers
        while time.monotonic() < deadline:
            totals = self.segment.totals()
            processes = len(cpu.members(self.server.session))
            if (
                totals["accepted"] == totals["ended"]
                and len(self.segment.pids()) == wanted
                and processes == wanted + 3  # master, log, signing
            ):
                return
            time.sleep(0.05)
        raise self.server.failure(
            f"no rest in 60 s: {totals['accepted'] - totals['ended']} open, "
            f"{len(self.segment.pids())} workers, {processes} processes"
        )

    def resources(self) -> Resources:
        session = self.server.session
        descriptors = os.listdir(f"/proc/{self.server.process.pid}/fd")
        return Resources(
            len(cpu.members(session)), len(descriptors), memory.pss(session)
        )

    def run(self) -> None:
        deadline = time.monotonic() + self.setting.minutes * 60
        first = self.resources()
        number = 0
        while (
            number < self.setting.rounds
            if self.setting.rounds
            else time.monotonic() < deadline
        ):
            self.round(number)
            number += 1
            if number <= WARM_ROUNDS:
                first = self.resources()
            self._say(f"round {number}: {self.resources()}")
        self._tell(number, first, self.resources())

    def _say(self, text: str) -> None:
        if sys.stderr.isatty():
            print(text, file=sys.stderr)

    def _tell(self, rounds: int, first: Resources, last: Resources) -> None:
        done = self.done
        print(
            f"{rounds} rounds of {self.setting.connections} connections: "
            f"{done['reload']} reloads, {done['upgrade']} upgrades, "
            f"{done['kill']} workers killed, {done['more']} more, "
            f"{done['fewer']} fewer; {self.watch.looks:,} looks at totals."
        )
        print(
            f"{done['bytes']:,} bytes echoed, none wrong; {done['lost']} "
            f"connections lost, of {done['died']} of killed workers."
        )
        print(f"At first: {first}\nAt last: {last}")
        if (
            last.processes > first.processes
            or last.descriptors > first.descriptors
            or last.pss > first.pss * MEMORY_GROWS + MEMORY_SLACK
        ):
            raise Failed("more is left than there was")


def _run(setting: Setting, stack: contextlib.ExitStack) -> None:
    directory = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="tlsecho-soak."))
    )
    note = raise_limit(2 * setting.connections + 1000)
    if note:
        print(note, file=sys.stderr)
    made = pki.make(setting.build, directory / "ca", "ecdsa-p256")
    soak = Soak(setting, made, stack)
    try:
        soak.run()
    except BaseException:
        with contextlib.suppress(OSError):
            tail = soak.log.read_text(errors="replace").split("\n")[-40:]
            print("\n".join(tail), file=sys.stderr)
        raise


def main() -> int:
    try:
        with contextlib.ExitStack() as stack:
            _run(_setting(), stack)
        return 0
    except (Failed, ArgumentTypeError, OSError) as error:
        print(f"tests/bench/soak: {error}", file=sys.stderr)
    return 1
