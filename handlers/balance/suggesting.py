"""Who could take what over: a small assignment problem, solved exactly for the sizes that occur."""
