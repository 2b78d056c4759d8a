"""`python -m server`: see `--help`, and docs/ops.md."""

import sys

from server.serving import main

if __name__ == "__main__":
    sys.exit(main())
