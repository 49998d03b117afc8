"""Memory of an open connection on which nothing happens."""

import time
from functools import partial

from bench import drive, memory, peers, suite_echo, windows
from bench.peers import AGAIN, TLSECHO, Peer
from bench.results import Case, Column, Row
from bench.rig import Rig
from bench.windows import Sample, Subject

CONNECTIONS = 10_000
ROUNDS_MAX = 3  # it hardly varies
BESIDE = ("hitch",)  # is measured with two builds that are compared
COLUMNS = [
    Column("connections", "connections", digits=0),
    Column("KiB per connection", "kib", digits=1),
    Column("ratio to tlsecho", "kib", TLSECHO),
    Column("MiB without any", "empty_mib", digits=1),
]


def _measure(rig: Rig, peer: Peer, connections: int) -> Sample:
    """
    The proportional set size of all processes of a new server, before and
    after; it has served one connection by then, so that what it loads late is
    loaded. Servers have time to give back what a silent connection can do
    without.
    """
    with rig.fresh(peer) as server:
        before = rig.reading()
        empty = memory.pss(server.session)
        with rig.driver(server, suite_echo.load(rig, connections)):
            drive.settle(server.session)
            time.sleep(drive.SILENCE_SECONDS)
            full = memory.pss(server.session)
            after = rig.reading()
    values = {
        "connections": float(connections),
        "kib": (full - empty) / connections / 1024,
        "empty_mib": empty / 2**20,
    }
    # Others use memory of their own: that they are busy does not matter.
    return windows.sample(values, before, after, disturbs=False)


def memory_suite(rig: Rig) -> Case:
    case = Case("memory", "idle, established, mutual TLS", COLUMNS, [])
    found = []
    base = rig.settings.base
    for peer in peers.chosen(rig.settings, *(BESIDE if base else ())):
        if peer.plain or not peer.verifies or (peer.name == AGAIN and not base):
            continue
        if peer.missing():
            case.note(f"{peer.name}: {peer.missing()}.")
            continue
        connections = min(peer.idle_max, CONNECTIONS)
        row = Row(peer.name, note=", ".join(peer.notes))
        found.append(Subject(row, partial(_measure, rig, peer, connections)))
    rounds = min(rig.settings.rounds, ROUNDS_MAX)
    return windows.run(rig, case, found, rounds)
