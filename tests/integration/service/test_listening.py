"""How the service listens: what it sends is sent at once."""

from __future__ import annotations

import socket

from connector.service.serving import listen


def test_no_answer_waits_for_the_reader_to_confirm_its_beginning() -> None:
    """Nagle's algorithm is off on every connection: with it an answer in two pieces takes 40 ms."""
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
