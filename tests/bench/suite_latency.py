"""Latency in open loop, alone and beside a storm of handshakes."""

import dataclasses
import time
from functools import partial

from bench import cpu, drive, peers, suite_echo, windows
from bench.drive import Load
from bench.program import Failed
from bench.results import OWN, Case, Column, Row
from bench.rig import Rig, Server
from bench.windows import Sample, Subject

CONNECTIONS = 64
KEY = "rsa-2048"  # the dearest for the server
STORM_CONNECTIONS = 64
STORM_LEAD = 0.2  # seconds
INVALID = 3  # exit status: the generator was late or saturated
COLUMNS = [
    Column("p50 us", "p50_us", digits=0),
    Column("p99 us", "p99_us", digits=0),
    Column("p50, ratio to alone", "p50_us", OWN),
    Column("p99, ratio to alone", "p99_us", OWN),
    Column("client late p99 us", "late_us", digits=0),
    Column("server CPU us", "server_us"),
]


def _loads(rig: Rig) -> tuple[Load, Load]:
    s = rig.settings
    echo = (f"--rate={s.rate}", f"--late-limit={s.late_limit}ms")
    calm = suite_echo.load(rig, CONNECTIONS)
    storm = dataclasses.replace(
        suite_echo.load(rig, STORM_CONNECTIONS),
        duration=s.duration + 2 * STORM_LEAD,
        extra=("--handshakes", f"--rate={s.storm}"),
    )
    return dataclasses.replace(calm, extra=echo), storm


def _alone(rig: Rig, server: Server, load: Load) -> Sample:
    """Latency counts from when each round trip was meant to begin."""
    with rig.driver(server, load) as driver:
        drive.settle(server.session)
        before = rig.reading()
        driver.go_on()
        driver.await_step("finished")
        after = rig.reading()
        driver.go_on()
        report = driver.report((0, INVALID))
    echoes = report["round_trips"]
    if echoes == 0:
        raise Failed("not one round trip")
    spent = cpu.spent_ns(before, after)
    values = {
        "p50_us": report["round_trip"]["p50_ns"] / 1e3,
        "p99_us": report["round_trip"]["p99_ns"] / 1e3,
        "late_us": report["lateness"]["p99_ns"] / 1e3,
        "server_us": spent[server.session] / echoes / 1e3,
    }
    valid = report["exit_status"] == 0
    return windows.sample(values, before, after, valid)


def _in_storm(rig: Rig, server: Server, load: Load, storm: Load) -> Sample:
    with rig.driver(server, storm) as driver:
        driver.go_on()
        time.sleep(STORM_LEAD)  # until it blows
        sample = _alone(rig, server, load)
        driver.await_step("finished")
        driver.go_on()
        report = driver.report((0, INVALID))
    valid = sample.valid and report["exit_status"] == 0
    return dataclasses.replace(sample, valid=valid)


def latency(rig: Rig) -> Case:
    for option in ("--rate", "--handshakes"):
        if not rig.client_can(option):
            raise Failed(f"tlsecho-client has no {option}")
    s = rig.settings
    load, storm = _loads(rig)
    title = (
        f"{s.rate} round trips/s over {CONNECTIONS} connections, and with "
        f"{s.storm} full {KEY} handshakes/s beside them"
    )
    case = Case("latency", title, COLUMNS, [])
    found = []
    for peer in peers.chosen(s):
        if not peer.verifies:
            continue
        try:
            server = rig.server(peer, KEY)
        except Failed as failure:
            case.lack(peer.name, str(failure), peers.is_ours(peer.name))
            continue
        alone = partial(_alone, rig, server, load)
        found.append(Subject(Row(peer.name), alone))
        if peer.plain:
            continue  # it has no handshakes
        beside = partial(_in_storm, rig, server, load, storm)
        row = Row(f"{peer.name}, storm", peer.name)
        found.append(Subject(row, beside))
    return windows.run(rig, case, found, s.rounds)
