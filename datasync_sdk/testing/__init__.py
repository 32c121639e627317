"""What programs that use the SDK can be tested with.

`datasync_sdk.testing.strategies` has Hypothesis strategies for requests, answers, and whatever breaks a rule
of AWS's documentation. It needs `pip install 'datasync-sdk[testing]'`; nothing else in the SDK does.
"""
