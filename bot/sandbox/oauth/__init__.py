"""Installing and removing the app: consent, codes, tokens and their rotation."""
