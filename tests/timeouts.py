"""Timeouts for tests that are not about timeouts: a busy machine must not change what happens in them."""

from bot.app import Timeouts

PATIENT = Timeouts(slack=30, response_url=30, lock=30)
