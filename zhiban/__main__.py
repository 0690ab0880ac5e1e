"""`zhiban`, and `python -m zhiban`."""

import sys

from zhiban.cli import main as _main


def main() -> None:
    sys.exit(_main())


if __name__ == "__main__":
    main()
