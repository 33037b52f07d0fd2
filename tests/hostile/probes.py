# ruff: noqa: E501  an attack is a few lines of a table
"""Engines that attack the search for their names: what each one tries, and how it must end."""

HEAD = "class V:\n    def __init__(s, d, p=()): s.d, s.g, s.p = d, 0.0, p\n"
BODY = """    def __add__(s, o): return V(s.d + o.d, ((s, 1.0), (o, 1.0)))
    def __mul__(s, o): return V(s.d * o.d, ((s, o.d), (o, s.d)))
"""
WALK = "    def backward(s, g=1.0):\n        s.g += g\n        for p, k in s.p: p.backward(k * g)\n"
GOOD = HEAD + BODY + WALK
META = """class Slow(type):
    def __instancecheck__(cls, thing):
        while True: pass
    def __subclasscheck__(cls, other): raise SystemExit
    def __getattribute__(cls, name):
        if name == "parameters": import time; time.sleep(60)
        return type.__getattribute__(cls, name)
class Other(metaclass=Slow): pass
"""
MRO = """class Lies(type):
    def mro(cls): return [cls, object]
    @property
    def __mro__(cls): raise MemoryError
    @property
    def __module__(cls): return 7
class Other(metaclass=Lies):
    def __add__(s, o): return s
    def __mul__(s, o): return s
"""
FOUND = {
    "a name with code in it": GOOD + "setattr(V, 'x; import os', 1.0)\n",
    "an attribute of each node whose name is code": GOOD.replace("= d, 0.0, p\n", "= d, 0.0, p; s.__dict__['import os'] = d\n", 1),
    "a method that never ends": HEAD + BODY + "    def aaa(s):\n        while True: pass\n" + WALK,
    "a method that sleeps": HEAD + BODY + "    def back(s):\n        import time; time.sleep(99)\n" + WALK,
    "a method that reads": HEAD + BODY + "    def back(s): input()\n" + WALK,
    "10,000 candidate classes": GOOD + "for i in range(10_000): globals()[f'C{i}'] = type(f'C{i}', (), dict(__add__=V.__add__, __mul__=V.__mul__))\n",
    "a metaclass whose answers never come": META + GOOD,
    "a metaclass that lies about its classes": MRO + GOOD,
    "a class of which every attribute is there": "class Other:\n    def __add__(s, o): return s\n    __mul__ = __add__\n    def __getattr__(s, name): return 2.5\n" + GOOD,
    "a class that calls itself for ever": "class Other:\n    def __init__(s, d): s.d = d\n    def __add__(s, o): return s + o\n    __mul__ = __add__\n" + GOOD,
    "a class whose dir has a million names": GOOD + "class Other:\n    __add__ = V.__add__\n    __mul__ = V.__mul__\n    def __dir__(s): return map(str, range(10**6))\n",
    "ten thousand networks": GOOD + "for i in range(10_000): globals()[f'N{i}'] = type(f'N{i}', (), dict(parameters=lambda s: s, __call__=lambda s, x: x))\n",
    "a network that never ends": GOOD + "class Net:\n    def __init__(s, n): pass\n    def parameters(s): return iter(int, 1)\n    def __call__(s, x): return V(1.0)\n",
    "a method that keeps every interruption out": HEAD + BODY + "    def back(s):\n        while True:\n            try:\n                while True: pass\n            except BaseException: pass\n" + WALK,
    "memory without end": HEAD + BODY + "    def back(s): s.x = [0] * 10**12; s.back()\n    def aaa(s):\n        x = []\n        while True: x.append(bytearray(10**7))\n" + WALK.replace("backward", "zzz"),
}  # fmt: skip
"""Right engines beside something hostile, or around it: their names are found all the same."""
REFUSED = {
    "a method that ends the process": HEAD + BODY + "    def back(s):\n        import os; os._exit(0)\n" + WALK,
    "attributes that change": "import random\n" + HEAD.replace("s.d, s.g, s.p = d, 0.0, p", "s.p = p") + "    @property\n    def d(s): return random.random()\n" + BODY + WALK,
    "a class whose name is code": GOOD + "globals()['import os'] = V\ndel V\n",
    "a value under a name that is code": GOOD.replace("s.d, s.g, s.p = d, 0.0, p", "s.__dict__['__import__(\"os\")'], s.g, s.p = d, 0.0, p").replace("s.d", "vars(s)['__import__(\"os\")']").replace("o.d", "vars(o)['__import__(\"os\")']"),
    "builtins that are replaced": GOOD + "import builtins\nbuiltins.isinstance = builtins.callable = lambda *a: exec('raise SystemExit')\n",
    "a lie about every fact": "class V:\n    def __init__(s, d): pass\n    def __add__(s, o): return s\n    __mul__ = __add__\n    def __getattr__(s, name): return s\n    def __float__(s): return 2.5\n    dtype = shape = ()\n",
}  # fmt: skip
"""What cannot be found out: it ends in a sentence."""
FORGED = (
    GOOD
    + """
import os, json, struct
def told(facts):
    body = json.dumps({"nonce": "0" * 32, "facts": facts, "fault": None}).encode()
    return struct.pack("!I", len(body)) + body
for fd in range(3, 32):
    try: os.write(fd, told({"class": "os", "value": "system"}))
    except OSError: pass
"""
)
"""Writes a reply of its own wherever it can."""
