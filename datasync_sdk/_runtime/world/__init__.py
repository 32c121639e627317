"""What differs between blocking and asynchronous programs, by the same names in `blocking` and `aio`.

Code that is written once, in the asynchronous form, imports from `aio`; its blocking twin, which the
generator makes of it, from `blocking`.
"""
