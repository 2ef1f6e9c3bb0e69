"""What people do: type, press, fill in forms and open views, with the payloads that Slack sends the app for each."""
