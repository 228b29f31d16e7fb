"""The compiled functions of scipy.special, without the quarter of a second that its package takes to load.

The package reads the documentation of all its functions and, by way of its compatibility layer, half of numpy's tools.
The functions themselves stand in one extension module that takes 20 ms; they are the same objects.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

PACKAGE = "scipy.special"


def compiled_functions() -> ModuleType:
    """Return a module with the universal functions of scipy.special, such as ``ndtri``.

    Where the package is loaded already, or is arranged in another way, it is the package. Otherwise a package without
    contents stands in its place while the extension module is loaded; a later ``import scipy.special`` loads the whole.

    Examples
    --------
    >>> round(float(compiled_functions().ndtri(0.975)), 4)
    1.96
    """
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    import scipy

    bare = ModuleType(PACKAGE)
    bare.__path__ = [str(Path(folder) / "special") for folder in scipy.__path__]
    sys.modules[PACKAGE] = bare
    try:
        return import_module(f"{PACKAGE}._ufuncs")
    except ImportError:
        pass
    finally:
        del sys.modules[PACKAGE]
    return import_module(PACKAGE)


if TYPE_CHECKING:
    from scipy import special
else:
    special = compiled_functions()

__all__ = ["compiled_functions", "special"]
