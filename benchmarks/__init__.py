"""What the SDK costs, beside what people would use otherwise: `python -m benchmarks [NAME ...]`.

Nothing here is a test: the numbers are printed, with the target that each of them has, and nothing
fails by them. Every comparison first asserts that both sides do the same, then runs them in turns
(A B A B ...), so that whatever else the machine does disturbs both alike. A ratio is the median of
the ratios of the pairs, not the ratio of the medians.
"""
