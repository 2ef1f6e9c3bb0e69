"""Load: how many hours of consortium work people and agencies carry."""
