"""terms: what a session is told to be, and what it is."""

import dataclasses
import tempfile
import unittest
from pathlib import Path

from bench import peers
from bench.peers import Peer, Site
from bench.pki import Pki
from bench.terms import Terms

TERMS = Terms("1.2", "AES-128-GCM")
TOLD = """Connection 0 (worker 0) to 127.0.0.1:14444
CipherAlgorithm: AES-128-GCM
KeyExchange: ECDHE-ECDSA-X25519
SslProtocol: TLS1.2
"""


class DifferenceTest(unittest.TestCase):
    def test_as_asked(self) -> None:
        self.assertEqual(TERMS.difference(TOLD), "")
        newer = TOLD.replace("1.2", "1.3").replace("-ECDSA", "")
        self.assertEqual(Terms("1.3", TERMS.cipher).difference(newer), "")

    def test_other_than_asked(self) -> None:
        for wanted, said in (
            ("TLS1.2", "TLS1.3"),
            ("AES-128-GCM", "AES-256-GCM"),
            ("X25519", "SECP256R1"),
            ("KeyExchange: ECDHE-ECDSA-X25519", "KeyExchange: RSA"),
        ):
            difference = TERMS.difference(TOLD.replace(wanted, said))
            self.assertIn(said.rpartition(" ")[2], difference)

    def test_nothing_told(self) -> None:
        self.assertIn("nothing instead of", TERMS.difference(""))


class ToldTest(unittest.TestCase):
    def command(self, peer: Peer, tls: str) -> str:
        """All that it is started with, its files included."""
        with tempfile.TemporaryDirectory() as directory:
            here = Path(directory)
            terms = dataclasses.replace(TERMS, tls=tls)
            site = Site(here, here, 1, 2, Pki(here), terms, 2, "name")
            words = peer.command(site)
            words += [f.read_text(encoding="utf-8") for f in here.iterdir()]
            return "\n".join(words).replace(directory, "")

    def test_each_server_is_told_the_version(self) -> None:
        for peer in peers.PEERS:
            if peer.plain or peer.name == "ncat":  # has no option for it
                continue
            with self.subTest(peer.name):
                self.assertIn("1.2", self.command(peer, "1.2"))
                self.assertNotIn("1.2", self.command(peer, "1.3"))


if __name__ == "__main__":
    unittest.main()
