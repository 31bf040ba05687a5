"""Runs MiniStack as the sandbox: in a session of its own, holding one lock for as long as it lives.

Usage: launch.py RECORD RELEASE

The lock on RECORD is what says "this server is alive and it is ours": the system drops it however the
process ends, so a process id that was left behind, or given to somebody else since, is never believed.
"""

import fcntl
import json
import os
import signal
import sys


def main():
    record_path, release = sys.argv[1:3]
    # The server outlives the command and the terminal that started it.
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    # Not inherited by the functions that MiniStack starts (PEP 446), so they cannot hold the lock.
    record = os.open(record_path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(record, fcntl.LOCK_EX)
    os.ftruncate(record, 0)
    os.write(record, json.dumps({
        "pid": os.getpid(),
        "port": int(os.environ["GATEWAY_PORT"]),
        "release": release,
    }).encode())

    sys.argv = ["ministack"]
    from ministack.app import main as serve
    serve()


main()
