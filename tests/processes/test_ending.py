"""A process that is asked to end does, whichever of its threads the signal reaches."""

import subprocess
import sys

import pytest

PROGRAM = """
import signal, threading
from bot import processes

def ask():
    installed.wait()
    signal.pthread_kill(threading.get_ident(), signal.{sign})
    threading.Event().wait()

installed = threading.Event()
real = processes.os.read
processes.os.read = lambda *what: (installed.set(), real(*what))[1]
threading.Thread(target=ask, daemon=True).start()
processes.wait_for_stop()
print("ended")
"""


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGINT"])
def test_it_ends_where_another_thread_hears_the_signal(sign):
    asked = [sys.executable, "-c", PROGRAM.format(sign=sign)]
    found = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    assert found.stdout == "ended\n"
