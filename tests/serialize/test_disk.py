"""A file is written whole or not at all, and replaced only if that is asked for."""

import os

import pytest

from stakingmodels import InputError, InputTypeError
from stakingmodels.serialize.disk import check_target, opened, path_of, read_text, write_whole


def test_a_failure_while_writing_leaves_nothing_and_keeps_what_was_there(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(b"old")

    def fill(stream):
        stream.write(b"new")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"^x: cannot be written: no space left on device$"):
        write_whole("x", file, fill, force=True)
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]


def test_another_writer_between_is_not_overwritten(tmp_path):
    file = tmp_path / "x.json"

    def fill(stream):
        stream.write(b"ours")
        file.write_bytes(b"theirs")

    with pytest.raises(InputError, match=r"^x: is there already"):
        write_whole("x", file, fill, force=False)
    assert file.read_bytes() == b"theirs"
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]


def test_without_links_a_file_is_still_not_overwritten(tmp_path, monkeypatch):
    def no_link(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_link)
    write_whole("x", tmp_path / "x", lambda stream: stream.write(b"ours"), force=False)
    assert (tmp_path / "x").read_bytes() == b"ours"
    with pytest.raises(InputError, match=r"^x: is there already"):
        write_whole("x", tmp_path / "x", lambda _: None, force=False)


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole("x", tmp_path / "link", lambda stream: stream.write(b"new"), force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_that_is_replaced_keeps_its_permissions(mode, tmp_path):
    """A report that only its owner could read is not shown to all by being made anew."""
    file = tmp_path / "x"
    file.write_bytes(b"old")
    file.chmod(mode)
    (tmp_path / "link").symlink_to(file)
    for name in ("x", "link"):
        write_whole("x", tmp_path / name, lambda stream: stream.write(b"new"), force=True)
        assert (file.read_bytes(), file.stat().st_mode & 0o7777) == (b"new", mode)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"old")
    os.chown(file, 1234, 2345)
    write_whole("x", file, lambda stream: stream.write(b"new"), force=True)
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 2345)


def test_the_mode_is_the_usual_one(tmp_path):
    write_whole("x", tmp_path / "x", lambda stream: stream.write(b"a"), force=False)
    (tmp_path / "y").touch()
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "y").stat().st_mode


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match=r"^x: cannot be written: permission denied$"):
        write_whole("x", tmp_path / "x", lambda _: None, force=False)


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match=r"^x: cannot be written: no such file or directory$"):
        write_whole("x", tmp_path / "none" / "x", lambda _: None, force=False)
    with pytest.raises(InputError, match=r"^x: must be a file, not a directory$"):
        write_whole("x", tmp_path, lambda _: None, force=True)


def test_a_name_too_long(tmp_path):
    name = "a" * 300
    check_target("x", tmp_path / name, force=True)
    with pytest.raises(InputError, match=r"^x: cannot be written: file name too long$"):
        write_whole("x", tmp_path / name, lambda _: None, force=True)
    with pytest.raises(InputError, match=r"^x: cannot be written: there is no folder"):
        check_target("x", tmp_path / name / "x", force=True)


def test_reading_within_limits(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"\xef\xbb\xbfabc")
    assert read_text("x", file, 6) == "abc"
    with pytest.raises(InputError, match=r"^x: must have at most 5 bytes, got '6'$"):
        read_text("x", file, 5)
    file.write_bytes(b"ab\xff")
    with pytest.raises(InputError, match=r"^x: must be UTF-8, got 0xff at byte 2$"):
        read_text("x", file, 6)
    os.mkfifo(tmp_path / "pipe")
    for odd in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InputError, match=r"^x: must be a regular file"), opened("x", odd, 9):
            pass


def test_paths():
    for wrong in ("", "a\0b", b"x"):
        with pytest.raises(InputError, match=r"^save: path: must be a path"):
            path_of("save", wrong)
    with pytest.raises(InputTypeError, match=r"^save: path: must be a path"):
        path_of("save", 7)
