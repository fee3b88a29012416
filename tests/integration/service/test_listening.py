"""How the service listens: what it sends is sent at once."""

from __future__ import annotations

import socket

import pytest

from connector.errors import ConfigurationError
from connector.service.serving import address_of, listen


def test_no_answer_waits_for_the_reader_to_confirm_its_beginning() -> None:
    """Nagle's algorithm is off on every connection: with it an answer in two pieces takes 40 ms."""
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_where_it_listens_is_told_as_a_url() -> None:
    """A free port where none is asked for; an address of the newer kind in brackets."""
    with listen("127.0.0.1", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
    if socket.has_dualstack_ipv6():
        with listen("::1", 0) as listener:
            assert address_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    """As is an address that is not this machine's, or none at all."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            listen("127.0.0.1", port)
    assert caught.value.detail == (
        f"Port {port} of 127.0.0.1 cannot be listened on (Address already in use)."
    )
    assert "--port" in caught.value.hint
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(ConfigurationError, match="cannot be listened on"):
            listen(host, 0)
