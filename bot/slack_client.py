"""slack_sdk's client, except that it follows no redirect."""

from email.message import Message
from http.client import HTTPResponse
from typing import Any
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from slack_sdk import WebClient


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Return no other request, so that the redirect itself becomes the answer."""


class SlackClient(WebClient):
    """A client that calls only the address it was given: another one must not get the token, nor answer for Slack."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        del url
        proxies = [ProxyHandler({"http": self.proxy, "https": self.proxy})] if self.proxy else []
        opener = build_opener(_Stays, HTTPSHandler(context=self.ssl), *proxies)
        response: HTTPResponse
        with opener.open(req, timeout=self.timeout) as response:
            headers: Message = response.headers
            body = response.read().decode(headers.get_content_charset() or "utf-8")
            return {"status": response.status, "headers": headers, "body": body}
