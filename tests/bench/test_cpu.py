"""cpu: sums over sessions, and what the files of /proc say."""

import os
import subprocess
import sys
import time
import unittest

from bench import cpu

STAT = (
    "4711 (a b) (c) S 1 4711 4700 0 -1 4194304 1 2 3 4 50 60 7 8 20 0 1 0 "
    "100 1000 100"
)

# Burns 50 ms in a thread that ends, 50 ms in a child that is reaped and 50 ms
# in a child that stays; then says so and waits.
BURN = """
import os, sys, threading, time
def burn(clock):
    end = clock() + 50_000_000
    while clock() < end:
        pass
t = threading.Thread(target=burn, args=(time.thread_time_ns,))
t.start(); t.join()
if os.fork() == 0:
    burn(time.process_time_ns); os._exit(0)
os.wait()
r, w = os.pipe()
if os.fork() == 0:
    burn(time.process_time_ns); os.write(w, b"x"); sys.stdin.read(); os._exit(0)
os.read(r, 1)
print("burnt", flush=True)
sys.stdin.read()
"""


class ParseTest(unittest.TestCase):
    def test_stat_with_any_name(self) -> None:
        process = cpu.parse_stat(STAT)
        self.assertEqual(process.pid, 4711)
        self.assertEqual(process.session, 4700)
        self.assertEqual(process.reaped_ns, 15 * cpu.NS_PER_TICK)

    def test_busy_is_without_idle_and_interrupts(self) -> None:
        text = "cpu  1 20 300 4000 50000 600000 7000000 80 9 9\ncpu0 1 1 1\n"
        self.assertEqual(cpu.parse_busy(text), 1 + 20 + 300 + 80)

    def test_busy_of_an_old_kernel_without_steal(self) -> None:
        self.assertEqual(cpu.parse_busy("cpu 1 2 3 4\n"), 6)


class ForeignTest(unittest.TestCase):
    def reading(self, at: int, server: int, own: int, busy: int) -> cpu.Reading:
        return cpu.Reading(at, {7: server}, own, busy)

    def test_nobody_else(self) -> None:
        before = self.reading(0, 10, 5, 100)
        after = self.reading(1000, 610, 105, 800)
        self.assertEqual(cpu.foreign_cores(before, after), 0)

    def test_half_a_core(self) -> None:
        before = self.reading(0, 0, 0, 0)
        after = self.reading(1000, 300, 100, 900)
        self.assertEqual(cpu.foreign_cores(before, after), 0.5)


class SessionTest(unittest.TestCase):
    def test_threads_and_children_that_have_ended_count(self) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", BURN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            self.assertEqual(process.stdout.readline(), b"burnt\n")
            spent = cpu.sessions_ns([process.pid])[process.pid]
            process.communicate()
        # The reaped child's time is known in ticks only.
        self.assertGreaterEqual(spent, 150_000_000 - 2 * cpu.NS_PER_TICK)

    def test_a_process_that_is_gone_is_nothing(self) -> None:
        process = subprocess.Popen(["true"])
        process.wait()
        self.assertEqual(cpu.process_ns(process.pid), 0)

    def test_own_time_is_what_python_says(self) -> None:
        before = time.process_time_ns()
        ours = cpu.process_ns(os.getpid())
        self.assertTrue(before <= ours <= time.process_time_ns())


if __name__ == "__main__":
    unittest.main()
