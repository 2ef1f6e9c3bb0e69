"""The demo begins with a story, so that there is something to see and to do at once."""

import httpx

from tests import bot_process
from tests.town import text_of
from tests.waiting import PATIENCE


def test_the_story_has_two_decided_proposals_one_open_and_a_poll():
    demo = bot_process.start("-m", "bot", "demo", "--no-browser", "--patient", "--port", "0")
    try:
        line = demo.stdout.readline()
        assert line.startswith("sandbox ready at http://127.0.0.1:")
        with httpx.Client(base_url=line.split()[-1], timeout=PATIENCE) as http:
            reader = {"channel": "council", "user": "june"}
            texts = [text_of(m) for m in http.get("/sandbox/messages", params=reader).json()["messages"]]
            people = http.get("/sandbox/people").json()["people"]
            typed = {"user": "ana", "channel": "council", "text": "/consortium"}
            overview = text_of(http.post("/sandbox/command", json=typed).json()["response"])
            assert http.get("/").status_code == 200
    finally:
        demo.terminate()
        demo.wait(timeout=PATIENCE)
        demo.stdout.close()
    assert any("#1 " in text and "Adopted by consensus" in text for text in texts)
    assert any("#2 " in text and "because a block stands" in text for text in texts)
    assert any("#3 " in text and "*3 of 7 agencies heard*" in text and "[Agree]" in text for text in texts)
    assert any("#4 " in text and "*5 people have voted*" in text for text in texts)
    assert overview.count("(representative)") == 7
    assert len({p["tz"] for p in people}) >= 5
    assert len(people) == 17, "sixteen people of the consortium and a visitor"
