"""A process that is asked to end does, whichever of its threads the signal reaches."""

import subprocess
import sys

import pytest

PROGRAM = """
import signal, threading
from bot.runtime import processes

def ask():
    installed.wait()
    signal.pthread_kill(threading.get_ident(), signal.{sign})
    threading.Event().wait()

installed = threading.Event()
real = processes.os.read
processes.os.read = lambda *what: (installed.set(), real(*what))[1]
threading.Thread(target=ask, daemon=True).start()
processes.ending()()
print("ended")
"""

AT_ONCE = """
import os, signal
from bot.runtime import processes

wait = processes.ending()
os.kill(os.getpid(), signal.{sign})
wait()
print("ended")
"""


@pytest.mark.parametrize(
    "program", [pytest.param(PROGRAM, id="another thread hears it"), pytest.param(AT_ONCE, id="at once")]
)
@pytest.mark.parametrize("sign", ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.more)])
def test_it_ends_whichever_thread_hears_the_signal_and_however_early(sign, program):
    asked = [sys.executable, "-c", program.format(sign=sign)]
    found = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    assert found.stdout == "ended\n"


STARTING = """
import os, signal, sys
from bot import __main__, config

config.load = lambda needs: os.kill(os.getpid(), signal.SIGINT)
sys.exit(__main__.main(["run"]))
"""


def test_whoever_changes_their_mind_while_it_starts_sees_no_traceback():
    asked = [sys.executable, "-c", STARTING]
    found = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "")
