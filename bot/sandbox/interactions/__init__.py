"""What people do: they type, press, fill in and look, and the app is told as Slack tells it."""
