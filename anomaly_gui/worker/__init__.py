"""The library's verbs in a process of their own, for the window: jobs go in by a pipe, messages come out.

A job is one file in `jobs`: what is asked, what is answered, and the handler; `registry` names its handler.
May import `detection`; the window imports jobs and messages, and with them nothing heavy.
"""
