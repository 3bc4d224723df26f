"""The images of an update: new ones read, grouped and screened beside those learned before; those that go.

May import the rest of `datasets`, and what lies below.
"""
