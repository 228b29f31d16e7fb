"""How many figures of the same respondents may be shipped with their replicates without giving answers away."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from satmeter.moments import Resampling

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

UNITS_PER_FIGURE = 2
"""Units that must stand behind every figure whose replicates are shipped."""

LEAST_POOLED = 3
"""Units of at least as many respondents tell a sum of them, and nobody's answer."""


@dataclass(eq=False)
class Room:
    """What may be shipped of some respondents.

    Attributes
    ----------
    most
        How many figures; None: any number.

    Notes
    -----
    Replicates of p means of the same n units lie in the affine hull of what the units answered, n points in p
    dimensions. With p of n or more the hull is a part of the space, and whoever tries answers finds those that lie in
    it: they are somebody's. With fewer figures than units there is no such part. Half as many keep away from its edge.
    """

    most: int | None
    _held: set[bytes] = field(default_factory=set)

    def takes(self, stack: FloatArray, *, reserved: int = 0) -> bool:
        """Tell whether replicates may be shipped, and count them; figures that were counted cost nothing.

        Parameters
        ----------
        stack
            shape (1 + replicates,) or (1 + replicates, figures).
        reserved
            Figures that must find room later.

        Examples
        --------
        >>> room = Room(2)
        >>> room.takes(np.arange(3.0)), room.takes(np.eye(3)[:, :2]), room.takes(np.arange(3.0))
        (True, False, True)
        """
        columns = {column.tobytes() for column in stack.reshape(len(stack), -1).T} - self._held
        if self.most is not None and len(self._held) + len(columns) + reserved > self.most:
            return not columns
        self._held |= columns
        return True


def room_for(resampling: Resampling, rows: BoolArray) -> Room:
    """Return the room for figures of some respondents.

    Parameters
    ----------
    resampling
        Its units are what is drawn again.
    rows
        shape (n,), the respondents.
    """
    sizes = np.bincount(resampling.units[rows & (resampling.weights > 0)])
    sizes = sizes[sizes > 0]
    pooled = len(sizes) and sizes.min() >= LEAST_POOLED
    return Room(None if pooled else len(sizes) // UNITS_PER_FIGURE)
