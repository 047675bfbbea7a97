"""Where servers and the flask command find the application."""

import gc
import os

gc.disable()  # almost nothing that is made while loading can be thrown away again

from dialog import create_app  # noqa: E402
from dialog.config import WrongSetting  # noqa: E402

os.umask(0o077)  # the files hold people's data: they are for the service's own user alone

try:
    app = create_app()
except WrongSetting as wrong:
    raise SystemExit(f"Dialog can't start. {wrong}") from None

# What is loaded now stays for the whole life of the process: the collector need not look at it again.
gc.freeze()
gc.set_threshold(20_000, 20, 50)
gc.enable()
