"""A process that is asked to stop does, whichever of its threads receives the signal."""

import pytest

from tests.bot_process import finished

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
processes.catch_stop_signals()()
print("stopped")
"""

AT_ONCE = """
import os, signal
from bot.runtime import processes

wait = processes.catch_stop_signals()
os.kill(os.getpid(), signal.{sign})
wait()
print("stopped")
"""


@pytest.mark.parametrize(
    "program", [pytest.param(PROGRAM, id="another thread receives it"), pytest.param(AT_ONCE, id="at once")]
)
@pytest.mark.parametrize("sign", ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.more)])
def test_the_process_stops_whichever_thread_receives_the_signal_and_however_early(sign, program):
    assert finished("-c", program.format(sign=sign)).stdout == "stopped\n"


STARTING = """
import signal, sys, time
from bot import __main__, config

# a shell that starts something in the background has it ignore interrupts
signal.signal(signal.SIGINT, signal.default_int_handler)
# Python handles a signal at its next chance, which may come after the function has returned; a sleep is one
config.load = lambda needs: (signal.raise_signal(signal.SIGINT), time.sleep(60))
sys.exit(__main__.main(["run"]))
"""


def test_an_interrupt_during_startup_shows_no_traceback():
    ended = finished("-c", STARTING)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
