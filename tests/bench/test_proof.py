"""proof: what does not echo is not measured."""

import contextlib
import socket
import threading
import unittest
from collections.abc import Callable, Iterator

from bench import proof


@contextlib.contextmanager
def server(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """Answers once what it has got, and closes; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with listener.accept()[0] as peer:
                peer.sendall(answer(peer.recv(len(proof.WORDS))))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


class PlainTest(unittest.TestCase):
    def test_echo(self) -> None:
        with server(lambda words: words) as port:
            proof.prove_plain(port)

    def test_no_echo(self) -> None:
        answers: list[Callable[[bytes], bytes]] = [
            lambda words: words.upper(),
            lambda words: words[:-1],
            lambda words: b"",
        ]
        for answer in answers:
            with server(answer) as port:
                with self.assertRaises(proof.NotProved):
                    proof.prove_plain(port)


if __name__ == "__main__":
    unittest.main()
