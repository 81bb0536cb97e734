"""What a process that draws members' data may have: so much memory, no network, no core file that would hold names.

The limits hold for whatever the process starts, and cannot be taken back. Linux itself refuses sockets (a seccomp
filter); elsewhere Python does.
"""

import ctypes
import errno
import platform
import resource
import sys

MEGABYTE = 1 << 20
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
#: Machine → its mark in the kernel's audit, and the numbers of the calls `socket` and `io_uring_setup`.
CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
LOAD, EQUAL, AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EACCES
NUMBER, ARCHITECTURE, OTHER_ABI = 0, 4, 0x40000000


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


def confine(memory_mb: int) -> None:
    """Set the limits of this process, for good."""
    for kind, wanted in ((resource.RLIMIT_AS, memory_mb * MEGABYTE), (resource.RLIMIT_CORE, 0)):
        allowed = resource.getrlimit(kind)[1]  # a limit can be lowered, never raised
        most = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(kind, (most, most))
    _refuse_sockets()
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith("socket."):
        raise PermissionError(errno.EACCES, "no network here")


def _refuse_sockets() -> None:
    """By the kernel, where it can; a machine we do not know keeps Python's own refusal."""
    calls = CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return
    architecture, socket, io_uring = calls
    steps = (
        (LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (ANSWER, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER), (AT_LEAST, 3, 0, OTHER_ABI), (EQUAL, 2, 0, socket), (EQUAL, 1, 0, io_uring),
        (ANSWER, 0, 0, ALLOW), (ANSWER, 0, 0, REFUSE),
    )  # fmt: skip
    instructions = (_Instruction * len(steps))(*(_Instruction(*one) for one in steps))
    program = _Program(len(steps), instructions)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(PR_SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)
