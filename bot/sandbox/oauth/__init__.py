"""How the app comes into the workspace and leaves it: consent, codes, tokens and their rotation."""
