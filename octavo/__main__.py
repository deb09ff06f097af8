"""``python -m octavo``: the command line."""

import sys

try:
    from octavo.cli.running import main
except KeyboardInterrupt:  # Everything is imported here, which takes a moment.
    sys.exit(130)

main()
