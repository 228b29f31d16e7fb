"""``python -m satmeter`` is the command line."""

from satmeter.cli.main import main

if __name__ == "__main__":
    main()
