"""``python -m octavo``: the command line."""

import gc
import sys

try:
    gc.disable()  # Nothing that is imported is garbage, and it takes a moment to look for some.
    from octavo.cli.running import main
except KeyboardInterrupt:
    sys.exit(130)
gc.enable()

main()
