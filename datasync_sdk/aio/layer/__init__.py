"""What people do with DataSync, above its operations: a class with methods for each matter.

It is written once for both kinds of programs: see `codegen/mirror.py`.
"""
