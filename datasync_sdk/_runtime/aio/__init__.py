"""What asynchronous clients are made of beside what all clients share; aiobotocore is their transport."""
