"""Block Kit as Slack accepts it: every shape and limit as a table, and the state of inputs."""
