"""What /workload says about itself, and which of its words are options."""

KEYS = ("hours", "agency", "money", "in-kind", "value")
DATED = ("until", "on")

HELP = "`/workload help` explains what can be typed."
