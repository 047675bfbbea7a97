"""Where servers and the flask command find the application."""

import gc

from dialog import create_app
from dialog.config import WrongSetting

try:
    app = create_app()
except WrongSetting as wrong:
    raise SystemExit(f"Dialog can't start. {wrong}") from None

# What is loaded now stays for the whole life of the process: the collector need not look at it again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
