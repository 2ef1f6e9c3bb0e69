"""The consortium itself: founding, agencies, people, who speaks for whom."""
