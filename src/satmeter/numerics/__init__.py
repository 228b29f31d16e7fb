"""Arrays in, small frozen dataclasses or arrays out; the only room that knows scipy.

Every function that takes moments is batched over the leading axes, written `...` in the docstrings: the same
call serves one matrix and a stack of bootstrap replicates. Index 0 of a stack is the full sample by
convention; what is an error there is a NaN in a replicate.
"""
