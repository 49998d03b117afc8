"""Runs the suites, writes results.json and report.html, prints tables."""

import dataclasses
import signal
import sys
from datetime import datetime, timezone
from types import FrameType

from bench import machine, options, page, peers, results, table
from bench.options import Settings
from bench.program import Failed
from bench.results import Results
from bench.rig import Rig
from bench.suites import SUITES

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PACKAGES = {"GnuTLS": "libgnutls30", "OpenSSL": "libssl3"}


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Unwinds the stack, so that every `with` block cleans up, once."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def _versions(settings: Settings) -> dict[str, str]:
    found = {
        name: machine.package_version(package)
        for name, package in PACKAGES.items()
    }
    ours = str(settings.build / "tlsecho-server")
    found["tlsecho"] = peers.version(ours, ["--version"])
    for peer in peers.chosen(settings.peers):
        if peer.program and not peer.missing():
            found[peer.name] = peers.version(peer.program, peer.version)
    return found


def _empty(settings: Settings) -> Results:
    described = dataclasses.asdict(settings)
    for name in ("build", "output", "nostats"):
        described[name] = str(described[name])
    return Results(
        datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        settings.seed,
        described,
        machine.describe(),
        _versions(settings),
    )


def _measure(settings: Settings) -> Results:
    """Each table is on disk as soon as it is complete."""
    collected = _empty(settings)
    with Rig(settings) as rig:
        for name in settings.suites:
            try:
                for case in SUITES[name](rig):
                    collected.cases.append(case)
                    collected.write(settings.output / "results.json")
            except Failed as failure:
                collected.notes.append(f"{name}: not measured: {failure}.")
        collected.notes += rig.notes
        rig.say("")
    collected.write(settings.output / "results.json")
    return collected


def _present(collected: Results, settings: Settings, markdown: bool) -> None:
    path = settings.output / "report.html"
    print(table.render(collected, markdown))
    if markdown:
        return
    cache = settings.output / "matplotlib"
    if not page.write(collected, path, cache):
        print("\nno plots: matplotlib is missing; `make bench-deps` brings it")
    print(f"\n{path}")


def main(arguments: list[str]) -> int:
    command = options.parse(arguments)
    settings = command.settings
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    settings.output.mkdir(parents=True, exist_ok=True)
    try:
        if command.render is not None:
            try:
                collected = results.read(command.render)
            except (KeyError, TypeError, ValueError):
                raise Failed(f"{command.render}: not our results") from None
        else:
            collected = _measure(settings)
    except OSError as error:
        text = f"{error.filename}: {error.strerror}"
        print(f"tests/bench/run: {text}", file=sys.stderr)
        return 1
    except Failed as failure:
        print(f"tests/bench/run: {failure}", file=sys.stderr)
        return 1
    _present(collected, settings, command.markdown)
    return 0 if collected.cases else 1
