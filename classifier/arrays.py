"""Arrays as bytes: an npz file without pickle, the same bytes for the same arrays whenever they are written."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

# numpy.savez stamps the hour of writing into the archive, which would give every model another digest.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

# What numpy and zipfile raise for bytes that are something else, were cut short or are spoilt.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, AttributeError, TypeError, ValueError, RuntimeError
)  # fmt: skip

Array = npt.NDArray[Any]


def bytes_of(arrays: Mapping[str, Array]) -> bytes:
    """An npz file of named arrays, deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _NO_TIME), member.getvalue(), zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()


def arrays_of(data: bytes) -> dict[str, Array]:
    """The arrays of an npz file. Raises ValueError where the bytes are no such file or hold objects."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except UNREADABLE as error:
        raise ValueError("not an npz file of plain arrays") from error
