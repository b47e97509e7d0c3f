"""What the compat tests share: the server process, clients, and the words of refusal.

Knows how to reach a running Fanlight. Must not know how Fanlight works inside.
Start at `world.py`, which is what a test sees.
"""
