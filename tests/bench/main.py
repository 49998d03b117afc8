"""Runs the suites, writes results.json and report.html, prints tables."""

import dataclasses
import os
import signal
import sys
from datetime import datetime, timezone
from types import FrameType

from bench import files, machine, options, page, peers, results, rig, suites
from bench import table, versus
from bench.markdown import render as render_markdown
from bench.program import Failed, Lacks
from bench.results import Results
from bench.settings import Settings

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
    if settings.base is not None:
        other = str(settings.base / "tlsecho-server")
        version = peers.version(other, ["--version"])
        found["base"] = f"{version} in {settings.base}"
    for peer in peers.chosen(settings):
        if peer.program and not peer.missing():
            found[peer.name] = peers.version(peer.program, peer.version)
    return found


def _empty(settings: Settings) -> Results:
    described = dataclasses.asdict(settings)
    for name in ("build", "base", "output", "nostats"):
        described[name] = str(described[name])
    return Results(
        datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        settings.seed,
        described,
        machine.describe(),
        _versions(settings),
    )


def _complain(text: str) -> None:
    print(f"tests/bench/run: {text}", file=sys.stderr)


def _name_missing(settings: Settings) -> None:
    for name in settings.peers:
        missing = peers.peer(name).missing() if name in peers.FOREIGN else ""
        if missing:
            _complain(f"{name} is left out: {missing} (make bench-deps)")


def _measure(settings: Settings) -> tuple[Results, list[str]]:
    """Each table is on disk as soon as it is complete. And what failed."""
    collected = _empty(settings)
    path = settings.output / "results.json"
    failures = []
    _name_missing(settings)
    note = rig.raise_limit(suites.open_files(settings))
    collected.notes += [note] if note else []
    files.probe(settings.output)
    with rig.Rig(settings) as started:
        for name in suites.names(settings):
            try:
                case = suites.table(name)(started)
                collected.cases.append(case)
                collected.write(path)
                failures += [f"{name}: {row}" for row in case.failures]
            except Lacks as lack:
                collected.notes.append(f"{name}: not measured: {lack}.")
            except Failed as failure:
                collected.notes.append(f"{name}: not measured: {failure}.")
                failures.append(name)
        started.say("")
    collected.write(path)
    return collected, failures


def _present(collected: Results, settings: Settings, markdown: bool) -> None:
    if markdown:
        print(render_markdown(collected))
        return
    print("\n\n".join([table.render(collected), *versus.render(collected)]))
    settings.output.mkdir(parents=True, exist_ok=True)
    path = settings.output / "report.html"
    cache = settings.output / "matplotlib"
    if not page.write(collected, path, cache):
        print("\nno plots: matplotlib is missing; `make bench-deps` brings it")
    print(f"\n{path}")


def _run(command: options.Command) -> int:
    failures: list[str] = []
    if command.render:
        collected = results.merge([results.read(p) for p in command.render])
    else:
        collected, failures = _measure(command.settings)
    _present(collected, command.settings, command.markdown)
    sys.stdout.flush()
    for failure in failures:
        _complain(f"failed: {failure}: see its note")
    return 0 if collected.cases and not failures else 1


def main(arguments: list[str]) -> int:
    command = options.parse(arguments)
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        return _run(command)
    except OSError as error:
        _complain(files.words(error))
        # What was not printed cannot be: nothing is to try it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Failed as failure:
        _complain(str(failure))
    return 1
