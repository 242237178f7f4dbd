"""No test, and nothing of the library, speaks to another machine: a guard over every socket of a process.

Run as a script it is the guard of a child: `python tests/network.py MODULE ARGUMENT ...` runs a module so that every
socket that leaves the machine is refused, as are all of them with `--none` before the module.
"""

import ipaddress
import runpy
import socket
import sys
from collections.abc import Callable
from typing import Any

NAMES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
TALK = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class NetworkError(BaseException):
    """A test, or what it tests, wanted to speak to another machine; no handler of errors hides it."""


def away(host: object) -> bool:
    """Whether a host is another machine than this."""
    text = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        return not ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:  # a name
        return text != "localhost"


def refuse_others(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: refuse to look up, or to speak to, another machine."""
    asked = arguments[0][0] if event == "socket.getnameinfo" else arguments[0] if event in NAMES else None
    if asked is not None and away(asked):
        raise NetworkError(f"{event}: {asked!r}")
    if event in TALK:
        sock, address = arguments[:2]
        # connecting a datagram socket sends nothing: so a program learns which address it has itself
        silent = event == "socket.connect" and sock.type == socket.SOCK_DGRAM
        if sock.family != getattr(socket, "AF_UNIX", None) and not silent and address and away(address[0]):
            raise NetworkError(f"{event}: {address!r}")


def refuse_all(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: refuse every socket."""
    if event.startswith("socket.") and event != "socket.gethostname":
        raise NetworkError(f"{event}: {arguments!r}")


def guard(hook: Callable[[str, tuple[Any, ...]], None] = refuse_others) -> None:
    """Refuse sockets from now on, for as long as this process lives."""
    sys.addaudithook(hook)


if __name__ == "__main__":
    _, *words = sys.argv
    none = words[0] == "--none"
    sys.argv = words[none:]
    guard(refuse_all if none else refuse_others)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
