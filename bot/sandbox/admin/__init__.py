"""Changes to the workspace: people, channels and the app's settings."""
