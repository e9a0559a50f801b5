"""A lock in Python over a plain socket, as redquake calls it: one JSON object per line (docs/adapters.md).

    redquake adapter-test 'command: python3 my_lock.py'
    redquake campaigns --adapter 'command: python3 my_lock.py'
"""
import json
import socket
import sys
import time
import uuid

RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
EXTEND = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"


class Redis:
    """Just enough of a client: one connection, one command at a time, opened anew after it was lost."""

    def __init__(self, host, port):
        self.address = (host, port)
        self.stream = None

    def command(self, *words):
        try:
            if self.stream is None:
                connection = socket.create_connection(self.address, timeout=2)
                self.stream = connection.makefile("rwb")
                connection.close()  # the stream keeps it open
            parts = [str(word).encode() for word in words]
            self.stream.write(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
            self.stream.flush()
            return self.reply()
        except OSError:
            stream, self.stream = self.stream, None  # what comes late must not answer the next command
            if stream is not None:
                stream.detach().close()
            raise

    def reply(self):
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection was closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.stream.read(int(rest) + 2)[:-2]
        return rest.decode()


redis = None
values = {}


def now():
    return time.time() * 1000


def describe(_):
    return {"name": "my-python-lock@1.0.0", "extend": True}


def open_(request):
    global redis
    endpoint = request["endpoints"][0]
    redis = Redis(endpoint["host"], endpoint["port"])
    return {}


def acquire(request):
    lock, began = str(uuid.uuid4()), now()
    if redis.command("SET", request["key"], lock, "PX", request["ttlMs"], "NX") is None:
        return {"held": None}
    values[lock] = request["key"]
    return {"held": {"lock": lock, "validUntil": began + request["ttlMs"]}}


def release(request):
    lock = request["lock"]
    return {"released": redis.command("EVAL", RELEASE, 1, values.pop(lock), lock) == 1}


def extend(request):
    lock, began = request["lock"], now()
    extended = redis.command("EVAL", EXTEND, 1, values[lock], lock, request["ttlMs"]) == 1
    return {"extended": extended, "validUntil": began + request["ttlMs"]} if extended else {"extended": False}


OPERATIONS = {
    "describe": describe,
    "open": open_,
    "acquire": acquire,
    "release": release,
    "extend": extend,
    "close": lambda _: {},
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request["op"]](request)
    except Exception as error:  # nobody knows whether it was done: redquake records it so
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
