"""The pulse: short surveys of the climate, sealed until they close."""
