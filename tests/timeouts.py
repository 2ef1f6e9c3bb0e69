"""Timeouts for tests that are not about timeouts: a busy machine must not change what happens in them."""

from bot.app import Timeouts

PATIENT_BOT = Timeouts(slack=100, response_url=100, lock=100)
