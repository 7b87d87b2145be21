# SPDX-License-Identifier: Apache-2.0
"""draw_moves.py: the drawn graph's nodes, and moves of axes, rows and steps (draw_graphs.py)."""
import random

import numpy as np
from onnx import TensorProto, helper

BIG = 2**31 - 1


class Impossible(Exception):
    pass


class Moves:
    """A graph being drawn: its value now, with a letter (B, T, W, P: parts, M: merged, X: anything) and a size an axis."""

    def __init__(self, seed, number):
        self.seed = f"{seed}/{number}"
        self.r = random.Random(self.seed)
        self.np = np.random.default_rng([seed, number])
        self.nodes, self.twin, self.consts, self.count = [], [], {}, 0
        self.opset = self.r.randint(9, 20)
        self.wild = self.r.choice([0, 0, 0.05, 0.2])
        self.time_first = self.r.random() < 0.4
        self.size = {"B": self.r.choice([1, 2, 2, 3]), "T": self.r.choice([1, 2, 3, 3, 4, 5])}
        kind = self.r.random()
        self.open = {"B": kind < 0.7, "T": kind < 0.5 or kind > 0.9}
        self.width = self.r.randint(1, 4)
        self.feeds, self.extra_inputs, self.outputs = {}, [], []
        self.symbols = self.r.random() < 0.05
        order = ["T", "B"] if self.time_first else ["B", "T"]
        self.order = order + ([] if self.symbols else ["W"])
        reading = 1 if self.symbols else self.r.random()
        if reading < 0.06:  # channels first
            self.order = [order[0], "W", order[1]]
        elif reading < 0.1:  # a number a step
            self.order, self.width = order, 1
        elif reading < 0.13:  # one sequence
            self.order, self.size["B"], self.open["B"] = ["T", "W"], 1, False
        self.cur, self.axes = "x", [(a, self.width if a == "W" else self.size[a]) for a in self.order]
        self.lengths = "lens" if self.r.random() < 0.12 and self.size["T"] > 1 else None
        self.use_lengths = self.lengths is not None

    # --- nodes ---
    def name(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def const(self, value, dtype=np.int64):
        name = self.name("c")
        self.consts[name] = np.asarray(value, dtype)
        return name

    def node(self, op, inputs, outputs=1, twin=True, **attributes):
        names = [self.name("v") for _ in range(outputs)]
        made = helper.make_node(op, inputs, names, name=f"{op}_{self.count}", **attributes)
        self.nodes.append(made)
        if twin:
            self.twin.append(made)
        return names[0] if outputs == 1 else names

    def squeeze(self, value, axes, op="Squeeze"):
        if self.opset < 13:
            return self.node(op, [value], axes=list(axes))
        return self.node(op, [value, self.const(list(axes))])

    def slice(self, value, axis, start, end, step=1):
        if self.opset < 10:
            if step != 1:
                raise Impossible
            return self.node("Slice", [value], axes=[axis], starts=[start], ends=[end])
        inputs = [value, self.const([start]), self.const([end]), self.const([axis])]
        return self.node("Slice", inputs + ([self.const([step])] if step != 1 or self.r.random() < 0.2 else []))

    def maybe(self, p):
        return self.r.random() < p

    def letters(self):
        return "".join(a for a, _ in self.axes)

    def sizes(self):
        return [s for _, s in self.axes]

    def negative(self, axis, rank=None):
        return axis - (rank or len(self.axes)) if self.maybe(0.3) else axis

    # --- moves: each changes self.cur and self.axes ---
    def transpose(self, perm):
        self.cur = self.node("Transpose", [self.cur], perm=perm)
        self.axes = [self.axes[p] for p in perm]

    def random_transpose(self):
        perm = list(range(len(self.axes)))
        self.r.shuffle(perm)
        self.transpose(perm)

    def unsqueeze(self, at=None):
        at = self.r.randint(0, len(self.axes)) if at is None else at
        if len(self.axes) >= 5:
            return
        self.cur = self.squeeze(self.cur, [at - len(self.axes) - 1 if self.opset >= 11 and self.maybe(0.2) else at], "Unsqueeze")
        self.axes.insert(at, ("1", 1))

    def drop(self, at):
        self.cur = self.squeeze(self.cur, [self.negative(at) if self.opset >= 11 else at])
        del self.axes[at]

    def random_squeeze(self):
        ones = [n for n, (a, s) in enumerate(self.axes) if s == 1]
        if not ones:
            return
        if self.maybe(0.1):
            self.cur = self.node("Squeeze", [self.cur])
            self.axes = [a for a in self.axes if a[1] != 1]
        else:
            self.drop(self.r.choice(ones))

    def wanted(self, target):
        """Entries of a shape for (letter, size): numbers, a 0 where it stays in place, one -1, or computed."""
        style = self.r.random()
        sizes = [s for _, s in target]
        if style < 0.35:  # numbers, perhaps with one of them left open
            if self.maybe(0.6):
                sizes[self.r.randrange(len(sizes))] = -1
            for n in range(len(sizes)):
                if n < len(self.axes) and sizes[n] == self.axes[n][1] and self.maybe(0.3):
                    sizes[n] = 0
            return self.const(sizes)
        if style < 0.75:  # what an exporter writes: open axes as 0 or -1
            free = True
            for n, (a, s) in enumerate(target):
                if n < len(self.axes) and self.axes[n] == (a, s) and a in "BT":
                    sizes[n] = 0
                elif a in "BTM" and free:
                    sizes[n], free = -1, False
            return self.const(sizes)
        parts = []  # out of the shape of the input or of the value itself
        for n, (a, s) in enumerate(target):
            if a in "BT" and a in self.order and self.maybe(0.85):
                own = [k for k, x in enumerate(self.axes) if x[0] == a]
                source, at = (self.cur, own[0]) if own and self.maybe(0.5) else ("x", self.order.index(a))
                if self.opset >= 15 and self.maybe(0.4):
                    parts.append(self.node("Shape", [source], start=at, end=at + 1))
                    continue
                shape = self.node("Shape", [source])
                if self.maybe(0.5):
                    one = self.node("Gather", [shape, self.const(at)], axis=0)
                    parts.append(self.squeeze(one, [0], "Unsqueeze"))
                else:
                    parts.append(self.slice(shape, 0, at, at + 1))
            else:
                parts.append(self.const([s]))
        return self.node("Concat", parts, axis=0)

    def reshape(self, target):
        if int(np.prod([s for _, s in target])) != int(np.prod(self.sizes())):
            raise Impossible
        self.cur = self.node("Reshape", [self.cur, self.wanted(target)])
        self.axes = list(target)

    def reshape_same(self):
        self.reshape(self.axes)

    def reshape_ones(self):
        target = [a for a in self.axes if a[1] != 1 or self.maybe(0.5)] or [("1", 1)]
        for _ in range(self.r.randint(0, 2)):
            if len(target) < 5:
                target.insert(self.r.randint(0, len(target)), ("1", 1))
        self.reshape(target)

    def merge(self):
        at = [n for n in range(len(self.axes) - 1) if {self.axes[n][0], self.axes[n + 1][0]} == {"B", "T"}]
        if at:
            n = at[0]
            self.merged = [self.axes[n], self.axes[n + 1]]
            self.reshape(self.axes[:n] + [("M", self.axes[n][1] * self.axes[n + 1][1])] + self.axes[n + 2:])

    def split(self):
        at = [n for n, (a, s) in enumerate(self.axes) if a == "M"]
        if at:
            n = at[0]
            self.reshape(self.axes[:n] + self.merged + self.axes[n + 1:])

    def reshape_exchanges(self):
        """The mistake that is easily made: sizes exchanged by a Reshape."""
        if len(self.axes) < 2:
            return
        a, b = self.r.sample(range(len(self.axes)), 2)
        if self.maybe(0.7) and {"B", "T"} <= set(self.letters()):
            a, b = self.letters().index("B"), self.letters().index("T")
        target = list(self.axes)
        target[a], target[b] = target[b], target[a]
        self.reshape(target)

    def reshape_wild(self):
        total = int(np.prod(self.sizes()))
        sizes = []
        while total > 1 and len(sizes) < 3:
            fits = [d for d in range(1, total + 1) if total % d == 0]
            sizes.append(self.r.choice(fits))
            total //= sizes[-1]
        sizes.append(total)
        self.reshape([("X", s) for s in sizes])

    def flatten(self):
        at = self.r.randint(0, len(self.axes)) if self.maybe(0.3) else 1
        self.cur = self.node("Flatten", [self.cur], axis=at)
        front, back = self.axes[:at], self.axes[at:]
        self.axes = [self.grouped(front), self.grouped(back)]

    def grouped(self, axes):
        real = [a for a in axes if a[1] != 1]
        size = int(np.prod([s for _, s in axes]))
        letters = "".join(a for a, _ in real)
        return ("1", 1) if not real else real[0] if len(real) == 1 else ("W" if letters == "PW" else "X", size)

    def take_step(self):
        """The last row, the first, or now and then another one or several."""
        at = self.letters().find("T") if self.maybe(0.92) else self.r.randrange(len(self.axes))
        if at < 0:
            return
        size = self.axes[at][1]
        which = self.r.random()
        index = -1 if which < 0.5 else 0 if which < 0.7 else size - 1 if which < 0.9 else self.r.randrange(-size, size)
        kind = self.r.random()
        if kind < 0.4:
            self.cur = self.node("Gather", [self.cur, self.const(index)], axis=self.negative(at) if self.opset >= 11 else at)
            del self.axes[at]
        elif kind < 0.5:
            self.cur = self.node("Gather", [self.cur, self.const([index])], axis=at)
            self.axes[at] = ("1", 1)
        else:
            end = self.r.choice([BIG, 2**62]) if index == -1 else index + 1
            self.cur = self.slice(self.cur, at, index, end)
            self.axes[at] = ("1", 1)
            if self.maybe(0.7):
                self.drop(at)

    def slice_whole(self):
        at = self.r.randrange(len(self.axes))
        self.cur = self.slice(self.cur, at, 0, self.r.choice([BIG, 2**62, self.axes[at][1]]))

    def slice_part(self):
        at = self.r.randrange(len(self.axes))
        size = self.axes[at][1]
        start = self.r.randrange(-size, size)
        end = self.r.choice([BIG, start + 1, size, size - 1])
        first, last = start % size, min(size, end if end >= 0 else end + size)
        if last <= first:
            raise Impossible
        self.cur = self.slice(self.cur, at, start, end)
        self.axes[at] = ("X" if last - first != size else self.axes[at][0], last - first)

    def turn(self):
        at = self.letters().find("T")
        if at < 0:
            return
        if self.opset >= 10 and self.maybe(0.5):
            self.cur = self.slice(self.cur, at, -1, self.r.choice([-BIG - 1, -2**63]), -1)
        elif self.opset >= 10 and self.letters()[:2] in ("TB", "BT"):
            time, batch = self.letters().index("T"), self.letters().index("B")
            whole = self.const([self.size["T"]] * self.size["B"])
            if self.maybe(0.6) and "B" in self.order:
                shape = self.node("Shape", ["x"])
                steps = self.node("Gather", [shape, self.const(self.order.index("T"))], axis=0)
                many = self.slice(shape, 0, self.order.index("B"), self.order.index("B") + 1)
                whole = self.node("Expand", [steps, many])
            self.cur = self.node("ReverseSequence", [self.cur, whole], time_axis=time, batch_axis=batch)
        self.turned = not getattr(self, "turned", False)

    def cheap(self):
        op = self.r.choice(["Identity", "Dropout", "Cast", "Relu", "Sigmoid", "Mul"])
        if op == "Mul":
            shape = self.sizes() if self.maybe(0.3) else [1]
            self.cur = self.node("Mul", [self.cur, self.const(np.ones(shape), np.float32)])
        else:
            self.cur = self.node(op, [self.cur], **({"to": TensorProto.FLOAT} if op == "Cast" else {}))

    def concat_self(self):
        at = len(self.axes) - 1 if self.maybe(0.7) else self.r.randrange(len(self.axes))
        self.cur = self.node("Concat", [self.cur, self.cur], axis=at)
        a, s = self.axes[at]
        self.axes[at] = (a if a in "W1P" else "X", 2 * s)
        if a == "1":
            self.axes[at] = ("P", 2)

    def other(self):
        which = self.r.random()
        if which < 0.3:
            self.cur = self.node("Expand", [self.cur, self.const([1] * len(self.axes))])
        elif which < 0.6 and self.opset < 13 and self.axes[-1][1] > 1:
            sizes = [1, self.axes[-1][1] - 1]
            self.cur = self.node("Split", [self.cur], 2, axis=len(self.axes) - 1, split=sizes)[1]
            self.axes[-1] = ("W", sizes[1])
        else:
            self.cur = self.node("Tanh", [self.cur])

    def move(self):
        moves = [(6, self.reshape_same), (6, self.reshape_ones), (5, self.unsqueeze), (5, self.random_squeeze), (4, self.random_transpose),
                 (5, self.slice_whole), (8, self.cheap), (5, self.merge_and_split), (1, self.concat_self), (1, self.turn),
                 (6, self.scale), (4, self.function), (3, self.columns), (2, self.in_if), (3, self.in_parts)]
        if self.maybe(self.wild):
            moves = [(4, self.reshape_exchanges), (2, self.reshape_wild), (2, self.flatten), (2, self.slice_part), (1, self.other),
                     (1, self.take_step), (1, self.random_transpose)]
        self.r.choices([m for _, m in moves], [w for w, _ in moves])[0]()

    def merge_and_split(self):
        self.merge()
        if self.maybe(0.5) and self.letters()[-1:] == "W":
            self.dense()
        if self.maybe(0.95):
            self.split()
