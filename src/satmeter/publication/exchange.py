"""Two folders that change places in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_HERE, _EXCHANGE, _SWAP = -100, 2, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux; RENAME_SWAP of macOS."""

_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
"""What kernels and file systems say that do not know the call."""


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places, so that at every moment each of them names one of both.

    Returns
    -------
    bool
        False where the system, or the file system, cannot do that; nothing has happened then.

    Raises
    ------
    OSError
        Where it can and does not.
    """
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    a, b = os.fsencode(one), os.fsencode(other)
    done = call(_HERE, a, _HERE, b, _EXCHANGE) if name == "renameat2" else call(a, b, _SWAP)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))
