"""The load: connections kept open, each sending its next request as soon as the last is answered.

Runs in a process of its own (`python -m bench.load`, a `Load` as JSON in, a `Round` as JSON out), on plain
sockets, so that it takes as little as possible of the processors it shares with the server.
"""

import json
import resource
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from statistics import median, quantiles

SERIAL = "@serial@@"  # stands in a request where a number is to stand that no other request has
CONNECTIONS = 16
LONGEST_WAIT_SECONDS = 20


@dataclass(frozen=True)
class Load:
    """What to send. Connection number n sends `requests[n % len(requests)]` again and again."""

    port: int
    requests: list[str]
    expect: int = 200
    warm_up: float = 1.0
    seconds: float = 3.0
    first_serial: int = 0


@dataclass(frozen=True)
class Round:
    """What came back. Waiting times are in milliseconds."""

    per_second: float
    answered: int  # in all, the warm-up and the last ones included
    median_ms: float
    p99_ms: float
    worst_ms: float
    body_bytes: int  # of one answer, as sent
    client_share: float  # of one processor, taken by this process


def run(load: Load) -> Round:
    """Put the load on the server at `load.port` and give what came back. Raises RuntimeError."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(load)),
        capture_output=True,
        text=True,
        timeout=load.warm_up + load.seconds + LONGEST_WAIT_SECONDS + 10,
    )
    if done.returncode:
        raise RuntimeError(f"The load could not be carried: {done.stderr.strip()}")
    return Round(**json.loads(done.stdout))


class Connection:
    """One connection with at most one request under way."""

    def __init__(self, port: int, request: str, expect: int) -> None:
        self.request = request.encode("latin-1")
        self.changes = SERIAL in request
        self.expect = expect
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self.body_bytes = 0
        self._received = b""
        self._missing = 0  # bytes of the answer still to come; 0 while its head isn't whole

    def send(self, serial: int) -> None:
        request = self.request
        if self.changes:
            request = request.replace(SERIAL.encode(), b"%09d" % serial)
        self._received, self._missing = b"", 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; gives whether the answer is whole."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("The server closed the connection.")
        if self._missing:
            self._missing -= len(piece)
            return self._missing == 0
        self._received += piece
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._missing = end + 4 + self._length_of_body(self._received[: end + 2]) - len(self._received)
        return self._missing == 0

    def _length_of_body(self, head: bytes) -> int:
        status = int(head[9:12])
        if status != self.expect:
            raise ValueError(f"The answer was {status}, not {self.expect}: {self._received[:2000]!r}")
        if status == 304:
            return 0
        start = head.lower().index(b"content-length:") + 15
        self.body_bytes = int(head[start : head.index(b"\r", start)])
        return self.body_bytes


def carry(load: Load) -> Round:
    """Send until the time is over, then wait for what is still under way."""
    selector = selectors.DefaultSelector()
    serial, answered, counted, waits = load.first_serial, 0, 0, []
    connections = [
        Connection(load.port, load.requests[n % len(load.requests)], load.expect) for n in range(CONNECTIONS)
    ]
    begin = time.perf_counter() + load.warm_up
    end = begin + load.seconds
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(serial)
        serial += 1
    under_way = len(connections)
    while under_way:
        ready = selector.select(LONGEST_WAIT_SECONDS)
        if not ready:
            raise TimeoutError(f"No answer within {LONGEST_WAIT_SECONDS} seconds.")
        for key, _ in ready:
            connection = key.data
            if not connection.receive():
                continue
            now = time.perf_counter()
            answered += 1
            if now >= begin:
                waits.append(now - connection.sent_at)
                counted += now < end
            if now < end:
                connection.send(serial)
                serial += 1
            else:
                under_way -= 1
    return _sum_up(load, counted, answered, waits, connections[0].body_bytes)


def _sum_up(load: Load, counted: int, answered: int, waits: list[float], body_bytes: int) -> Round:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Round(
        per_second=round(counted / load.seconds, 1),
        answered=answered,
        median_ms=round(median(waits) * 1000, 2),
        p99_ms=round(quantiles(waits, n=100)[98] * 1000, 2),
        worst_ms=round(max(waits) * 1000, 2),
        body_bytes=body_bytes,
        client_share=round((used.ru_utime + used.ru_stime) / (load.warm_up + load.seconds), 2),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(carry(Load(**json.load(sys.stdin))))))
