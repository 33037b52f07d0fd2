"""The student's module behind a process boundary: an engine like any other.

student    the engine: loads a submission in a worker, runs programs, restarts after a fault
located    a fault as a worker tells it, with the text of its line
launch     starts workers, by fork from a warm zygote or by spawning
process    one worker from outside: what it is asked, what it answers, how it ends
level      what a locked worker is refused on this machine, found by attacking
wire       the frames between us and a worker, and the schema that a reply must meet
zygote.py, worker.py, lockdown.py and what they load: scripts for the other side, started by path
and imported by nobody
"""
