"""The same respondents found in two measurements, by their ids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.study.model import Study


@dataclass(frozen=True, eq=False)
class RespondentMatch:
    """Who of one measurement is who of another.

    Attributes
    ----------
    row
        shape (n,), for every respondent of the first measurement the row of the second, −1 for none.
    known
        Whether both have a column of ids.
    repeated
        Ids that stand twice in one of them; they are left out.
    alone, alone_second
        Respondents of the first, and of the second, who are not in the other one.
    """

    row: npt.NDArray[np.int64]
    known: bool
    repeated: int = 0
    alone: int = 0
    alone_second: int = 0

    @property
    def n(self) -> int:
        """Number of respondents found in both."""
        return int((self.row >= 0).sum())


def match_respondents(study: Study, second: Study) -> RespondentMatch:
    """Match respondents by the column ``respondent``, never by their order."""
    first, later = _ids(study), _ids(second)
    if first is None or later is None:
        return RespondentMatch(np.full(study.n, -1, dtype=np.int64), False)
    repeated = set(first[first.duplicated() & (first != "")]) | set(later[later.duplicated() & (later != "")])
    usable = [(x != "") & ~x.isin(repeated) for x in (first, later)]
    place = pd.Series(np.flatnonzero(usable[1]), index=later[usable[1]])
    row = np.where(usable[0], first.map(place).fillna(-1), -1).astype(np.int64)
    matched = int((row >= 0).sum())
    alone = [int((~x.isin(repeated)).sum()) - matched for x in (first, later)]
    return RespondentMatch(row, True, len(repeated), *alone)


def _ids(study: Study) -> pd.Series | None:
    """Return the id of every respondent kept, '' where there is none; None without a column of ids."""
    other = study.responses.other
    if "respondent" not in other.columns:
        return None
    column = other["respondent"].reindex(study.frame.index).fillna("").astype(str).str.strip()
    return pd.Series(column.to_numpy(), dtype=object)
