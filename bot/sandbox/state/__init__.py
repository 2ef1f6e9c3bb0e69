"""The state of one sandbox, in the parts that everything else works with."""
