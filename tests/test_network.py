"""Nothing speaks to the network: neither the library, nor its command line, nor these tests."""

import os
import pkgutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import stakingmodels
from tests.network import NetworkError

GUARD = Path(__file__).with_name("network.py")
COMMANDS = [
    ["compare", "--paths", "200", "--days", "60"],
    ["quote", "staking pool"],
    ["ratecard", "--paths", "200", "--date", "2026-11-30", "--terms", "30", "--capital", "1000:2000"],
]


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", b"example.org", "127.example.org"])
def test_a_test_that_speaks_to_another_machine_fails(host):
    with pytest.raises(NetworkError, match=r"example\.org|192"):
        socket.create_connection((host, 80), timeout=1)


def test_a_test_may_speak_to_itself():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"x")


def test_datagrams_do_not_leave_either():
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(NetworkError, match="sendto"):
        sender.sendto(b"x", ("192.0.2.1", 9))


def refusing(*words, cwd):
    call = [sys.executable, GUARD, "--none", *words]
    found = os.environ | {"PYTHONPATH": str(cwd)}
    return subprocess.run(call, cwd=cwd, env=found, capture_output=True, text=True, check=False)


def test_the_guard_of_children_is_sharp(tmp_path):
    done = refusing("http.server", "0", cwd=tmp_path)
    assert done.returncode
    assert "NetworkError: socket." in done.stderr


@pytest.mark.once
def test_commands_open_no_socket(tmp_path):
    commands = "".join(f"assert main({words}) == 0\n" for words in COMMANDS)
    (tmp_path / "commands.py").write_text(f"from stakingmodels.cli import main\n{commands}", encoding="utf-8")
    done = refusing("commands", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_report_opens_no_socket(tmp_path):
    done = refusing("stakingmodels", "report", "--paths", "100", "--days", "30", "--out", "report.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.once
def test_modules_open_no_socket_when_they_are_imported(tmp_path):
    names = [each.name for each in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels.")]
    names.remove("stakingmodels.__main__")
    (tmp_path / "everything.py").write_text("".join(f"import {name}\n" for name in names), encoding="utf-8")
    done = refusing("everything", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
