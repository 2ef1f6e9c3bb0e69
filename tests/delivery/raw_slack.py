"""A Slack that answers with any bytes, as proxies, outages and broken connections do."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.slack_client import SlackClient

OK = json.dumps({"ok": True, "ts": "1764518400.000100"})
HTML = "<html><body>Sign in to the network. secret-of-the-proxy</body></html>"


def refusal(error):
    return json.dumps({"ok": False, "error": error})


class RawSlack:
    """Keeps the calls as (method, text). `answer(method)` returns a status, a body, and headers."""

    def __init__(self, url):
        self.client = SlackClient("xoxb-1", base_url=url, timeout=10, retry_handlers=[])
        self.calls = []
        self.asked = []
        self.script = []

    def answers(self, *script):
        """Give these answers to the next calls, then accept everything."""
        self.script[:] = script

    def next_answer(self):
        status, body, headers = (*(self.script.pop(0) if self.script else (200, OK)), {})[:3]
        return status, body.encode() if isinstance(body, str) else body, headers


@contextmanager
def raw_slack():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
            slack.calls.append((self.path.rpartition("/")[2], sent.get("text")))
            status, body, headers = slack.next_answer()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            slack.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(OK.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack = RawSlack(f"http://127.0.0.1:{server.server_port}/api/")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield slack
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
