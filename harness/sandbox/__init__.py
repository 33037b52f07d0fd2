"""The student's module behind a process boundary: an engine like any other.

student    the engine: loads a submission in a worker, runs programs, restarts after a fault
launch     starts workers, by fork from a warm zygote or by spawning, and talks to one
level      what a locked worker is refused on this machine, found by attacking
wire       the frames between us and a worker, and the schema that a reply must meet
zygote.py, worker.py, lockdown.py    scripts for the other side; started by path, imported by nobody
"""
