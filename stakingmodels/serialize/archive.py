"""Archives: a header in JSON and arrays, in a zip file that numpy reads too, sealed by a SHA-256 over every byte."""

import hashlib
import math
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import IO, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.errors import InputError
from stakingmodels.serialize.arrays import (
    Allowance,
    check_keys,
    checked_dtype,
    checked_shape,
    dtype_name,
    restored,
    stored,
)
from stakingmodels.serialize.jsontext import TEXT_LIMIT

HEADER = "header.json"
BYTES_LIMIT = 2**34
"""Most bytes of an archive; all of its arrays are read into memory."""
MEMBERS_LIMIT = 20_000
_SEAL = b"sha256:"
_END = len(_SEAL) + 64
_TAIL = 22  # bytes of a zip file's end without its comment
_FIELDS = ("member", "dtype", "shape")
_DATE = (1980, 1, 1, 0, 0, 0)
_CHUNK = 2**20
_WORD = re.compile(r"[^A-Za-z0-9_.]+")
_LOCAL = struct.Struct("<4s5H3I2H")
_SIZES = struct.Struct("<2Q")
_WIDE = 0xFFFF_FFFF


class MemberWriter:
    """Arrays that become members of an archive; equal ones are stored once, and one that is the same everywhere small.

    Attributes
    ----------
    members
        Cells to be stored, by the name of the member, in order.
    """

    def __init__(self) -> None:
        self.members: dict[str, AnyArray] = {}
        self._known: dict[tuple[str, bytes], str] = {}
        self._allowance = Allowance()

    def write(self, name: str, array: AnyArray) -> dict[str, Any]:
        """Member, type and shape of an array."""
        dtype, cells = dtype_name(name, array), _little(stored(array))
        key = dtype, hashlib.sha256(cells.reshape(-1).view(np.uint8).data).digest()
        if not self._allowance.takes(array.nbytes) and (key in self._known or cells.size < array.size):
            member = self._add(name, _little(np.ascontiguousarray(array)))
        else:
            member = self._known[key] = self._known.get(key) or self._add(name, cells)
        return {"kind": "array", "member": member, "dtype": dtype, "shape": list(array.shape)}

    def _add(self, name: str, cells: AnyArray) -> str:
        """Name of a new member."""
        word = _WORD.sub("-", name)[:60].strip("-.") or "array"
        member = f"{len(self.members):05d}-{word}.npy"
        self.members[member] = cells.reshape(-1)
        self._allowance.held += cells.nbytes
        return member


def _little(cells: AnyArray) -> AnyArray:
    """Cells whose first byte is the lowest, as files have them."""
    return cells.astype(cells.dtype.newbyteorder("<")) if cells.dtype.byteorder == ">" else cells


def write_archive(stream: IO[bytes], header: str, members: Mapping[str, AnyArray]) -> None:
    """Write an archive: the header and every array as a member, uncompressed, without times; then the seal.

    The same header and arrays give the same bytes.

    Parameters
    ----------
    stream
        Open for writing and reading.
    header
        JSON text.
    members
        Arrays of one dimension by name.
    """
    if len(members) > MEMBERS_LIMIT:
        checks.refuse("save", f"must have at most {MEMBERS_LIMIT:,} different arrays", f"{len(members):,}")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, HEADER, [header.encode("utf-8")])
        for name, cells in members.items():
            _add(archive, name, [_npy_head(cells.dtype, cells.size), cells.view(np.uint8).data])
        archive.comment = _SEAL + b"0" * 64
    stream.flush()
    size = stream.seek(0, 2)
    stream.seek(0)
    digest = _digest(stream, size - 64)
    stream.seek(size - 64)
    stream.write(digest.encode("ascii"))


def _add(archive: zipfile.ZipFile, name: str, parts: list[Any]) -> None:
    about = zipfile.ZipInfo(name, _DATE)
    about.create_system, about.external_attr = 3, 0o644 << 16  # the same on every system
    about.file_size = sum(len(part) for part in parts)
    with archive.open(about, "w") as member:
        for part in parts:
            member.write(part)


def _npy_head(dtype: "np.dtype[Any]", size: int) -> bytes:
    """Beginning of a file of numpy's format 1.0 for an array of one dimension."""
    little = dtype.newbyteorder("<").str
    text = f"{{'descr': '{little}', 'fortran_order': False, 'shape': ({size},), }}"
    room = 64 - (10 + len(text) + 1) % 64
    head = (text + " " * (room % 64) + "\n").encode("ascii")
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head


def _digest(stream: IO[bytes], size: int) -> str:
    found, left = hashlib.sha256(), size
    while left > 0 and (part := stream.read(min(left, _CHUNK))):
        found.update(part)
        left -= len(part)
    return found.hexdigest()


@attrs.frozen
class _Place:
    start: int
    size: int


class Archive:
    """An archive open for reading, whose seal holds.

    Parameters
    ----------
    where
        Beginning of messages.
    stream
        The file.

    Raises
    ------
    InputError
        For a file that is no archive of this library, that is cut off or was changed, or that has compressed members.
    """

    def __init__(self, where: str, stream: IO[bytes]) -> None:
        self._where = where
        self._stream = stream
        size = stream.seek(0, 2)
        if size > BYTES_LIMIT:
            checks.refuse(where, f"must have at most {BYTES_LIMIT:,} bytes", f"{size:,}")
        if size < _END + _TAIL:
            raise InputError(f"{where}: must be a whole archive of stakingmodels; it is cut off")
        stream.seek(size - _END - _TAIL)
        tail = stream.read(_TAIL + _END)
        if tail[:4] != b"PK\5\6" or tail[_TAIL : _TAIL + len(_SEAL)] != _SEAL:
            raise InputError(f"{where}: must be a whole archive of stakingmodels; it is another file, or cut off")
        stream.seek(0)
        if _digest(stream, size - 64).encode("ascii") != tail[-64:]:
            raise InputError(f"{where}: must be as it was written; its SHA-256 says that it was changed or damaged")
        self._places = self._found(size)
        self._allowance = Allowance(size)
        self._used: dict[str, AnyArray] = {}

    def _found(self, size: int) -> dict[str, _Place]:
        """Members in their order, read one behind the other from the beginning."""
        places: dict[str, _Place] = {}
        at = 0
        while True:
            self._stream.seek(at)
            head = self._stream.read(_LOCAL.size)
            if head[:4] != b"PK\3\4" or len(head) < _LOCAL.size:
                return places
            _, _, flags, method, _, _, _, packed, length, n_name, n_extra = _LOCAL.unpack(head)
            rest = self._stream.read(n_name + n_extra)
            if flags & ~0x800 or method or packed != length:
                raise InputError(f"{self._where}: must have plain members, neither compressed nor encrypted")
            name, extra = rest[:n_name].decode("ascii", "replace"), rest[n_name:]
            if length == _WIDE:
                if len(extra) < 4 + _SIZES.size:
                    raise InputError(f"{self._where}: must be a whole archive; a member says no size")
                length, packed = _SIZES.unpack_from(extra, 4)
            start = at + _LOCAL.size + n_name + n_extra
            at = start + length
            if at > size or name in places or len(places) > MEMBERS_LIMIT:
                raise InputError(f"{self._where}: must be a whole archive with different members")
            places[name] = _Place(start, length)

    @property
    def header(self) -> str:
        """Text of the header."""
        place = self._places.get(HEADER)
        if place is None or place.size > 4 * TEXT_LIMIT:
            raise InputError(f"{self._where}: must have {HEADER} of at most {4 * TEXT_LIMIT:,} bytes")
        self._stream.seek(place.start)
        try:
            return self._stream.read(place.size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{self._where}: {HEADER} must be UTF-8") from error

    def read(self, where: str, table: Mapping[str, Any]) -> AnyArray:
        """Array of a member, type and shape; the member's size is checked before memory is taken."""
        check_keys(where, table, _FIELDS, "an array")
        dtype, shape = checked_dtype(where, table["dtype"]), checked_shape(where, table["shape"])
        name = table["member"]
        if not isinstance(name, str) or name not in self._places:
            checks.refuse(f"{where}: member", "must be a member of the archive", name)
        place, cells = self._places[name], math.prod(shape)
        size = next((n for n in (cells, 1) if len(_npy_head(dtype, n)) + n * dtype.itemsize == place.size), None)
        if size is None:
            checks.refuse(f"{where}: shape", f"must be that of the member {name}", shape)
        self._allowance.check(where, shape, dtype)
        return restored(self._cells(where, name, dtype, size), shape)

    def _cells(self, where: str, name: str, dtype: "np.dtype[Any]", size: int) -> AnyArray:
        if name not in self._used:
            self._stream.seek(self._places[name].start)
            head = _npy_head(dtype, size)
            if self._stream.read(len(head)) != head:
                checks.refuse(f"{where}: member", f"must be an array of {size:,} {dtype.name}", name)
            data = self._stream.read(size * dtype.itemsize)
            if dtype.kind == "b" and data.strip(b"\0\1"):
                raise InputError(f"{where}: must be truth values, each a byte of 0 or 1")
            self._used[name] = np.frombuffer(data, dtype=dtype.newbyteorder("<")).astype(dtype, copy=False)
        found = self._used[name]
        if found.dtype != dtype or found.size != size:
            checks.refuse(f"{where}: member", f"must be an array of {size:,} {dtype.name}", name)
        return found

    def refuse_unread(self) -> None:
        """Refuse an archive with members that its header does not name."""
        for name in self._places:
            if name != HEADER and name not in self._used:
                checks.refuse(self._where, "must have no members that its header does not name", name)
