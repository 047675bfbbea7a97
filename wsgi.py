"""Where servers and the flask command find the application."""

import gc
import os

from dialog import create_app
from dialog.config import WrongSetting

os.umask(0o077)  # the files hold people's data: they are for the service's own user alone

try:
    app = create_app()
except WrongSetting as wrong:
    raise SystemExit(f"Dialog can't start. {wrong}") from None

# What is loaded now stays for the whole life of the process: the collector need not look at it again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
