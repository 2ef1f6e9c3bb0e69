"""The demo opens with a story, so that there is something to see and to do at once."""

import subprocess
import sys
from pathlib import Path

import httpx

from tests.town import text_of

ROOT = Path(__file__).parents[2]


def test_the_story_has_two_decided_proposals_one_open_and_a_poll():
    command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--patient", "--port", "0"]
    demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = demo.stdout.readline()
        assert line.startswith("sandbox ready at http://127.0.0.1:")
        with httpx.Client(base_url=line.split()[-1], timeout=600) as http:
            seen = {"channel": "council", "user": "june"}
            said = [text_of(m) for m in http.get("/sandbox/messages", params=seen).json()["messages"]]
            people = http.get("/sandbox/people").json()["people"]
            typed = {"user": "ana", "channel": "council", "text": "/consortium"}
            overview = text_of(http.post("/sandbox/command", json=typed).json()["response"])
            assert http.get("/").status_code == 200
    finally:
        demo.terminate()
        demo.wait(timeout=600)
        demo.stdout.close()
    assert any("#1 " in text and "Adopted by consensus" in text for text in said)
    assert any("#2 " in text and "since a block stands" in text for text in said)
    assert any("#3 " in text and "*3 of 7 agencies heard*" in text and "[Agree]" in text for text in said)
    assert any("#4 " in text and "*5 people have voted*" in text for text in said)
    assert overview.count("(representative)") == 7
    assert len({p["tz"] for p in people}) >= 5
    assert len(people) == 17, "sixteen of the consortium and a visitor"
