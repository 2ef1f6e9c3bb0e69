"""Meetings: agendas, reminders, minutes, and calendars to subscribe to."""
