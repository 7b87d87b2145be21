#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw_graphs.py: random graphs of LSTMs and of operators that move axes, rows and lengths about.

    python draw_graphs.py FOLDER COUNT [SEED]
    python draw_graphs.py FOLDER LIST [SEED]     the numbers that a file lists, put down as 0, 1, ...

For each number N: NNNNN.onnx and NNNNN.npz with x and what onnxruntime makes of it, y, the first output;
where sizes are open also x2 and y2, of other sizes, if onnxruntime can run these; where the graph has lengths, len and len2.
A graph that onnxruntime refuses is drawn again. Each depends on SEED (1) and its number only. Most are sensible, as exporters
write them; some exchange axes by a Reshape, take rows that are none, or mix what has lengths with what has none: what
matters is that each is computed as onnxruntime does, or refused (graphs.c).
"""
import multiprocessing
import os
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

BIG = 2**31 - 1


class Impossible(Exception):
    pass


class Graph:
    """A graph being drawn: its value now, with a letter (B, T, W, P: parts, M: merged, X: anything) and a size an axis."""

    def __init__(self, seed, number):
        self.r = random.Random(f"{seed}/{number}")
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
        self.order = order
        self.cur, self.axes = "x", [(a, self.size[a]) for a in order] + ([] if self.symbols else [("W", self.width)])
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
            if a in "BT" and self.maybe(0.85):
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
            if self.maybe(0.6) and "x" in ("x",):
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
                 (5, self.slice_whole), (8, self.cheap), (5, self.merge_and_split), (1, self.concat_self), (1, self.turn)]
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

    # --- layers ---
    def bring(self, letters):
        """The value as rows with these axes in this order; by a Reshape where that is right, or by mistake."""
        self.split()
        for n in range(len(self.axes) - 1, -1, -1):
            a, s = self.axes[n]
            if a == "1" and s == 1 and len(self.axes) > len(letters):
                self.drop(n)
        have = self.letters()
        if "W" in letters and "W" not in have:
            self.unsqueeze(len(self.axes))
            self.axes[-1] = ("W", 1)
        for a in letters:
            if a not in self.letters() and a in self.size and self.size[a] == 1:
                self.unsqueeze(self.r.randint(0, len(self.axes) - 1))
                self.axes[[n for n, x in enumerate(self.axes) if x[0] == "1"][0]] = (a, 1)
        have = self.letters()
        if sorted(have) != sorted(letters):
            if len(have) != len(letters):
                raise Impossible
            return
        if have == letters:
            return
        one = any(s == 1 for a, s in self.axes if a in "BT")
        if self.maybe(0.4 if one else 0.04):
            self.reshape([self.axes[have.index(a)] for a in letters])
        else:
            self.transpose([have.index(a) for a in letters])

    def weights(self, *shape):
        return self.const(0.7 * self.np.standard_normal(shape), np.float32)

    def given_lengths(self, steps, batch):
        """Input 4 of an LSTM."""
        kind = self.r.random()
        if self.use_lengths:
            if kind < 0.12:
                return ""
            return "lens" if kind < 0.9 else self.node("Identity", ["lens"])
        if kind < 0.06:
            return self.const([steps] * batch, np.int32)
        if kind < 0.09:
            shape = self.node("Shape", ["x"])
            one = self.node("Gather", [shape, self.const(self.order.index("T"))], axis=0)
            many = self.slice(shape, 0, self.order.index("B"), self.order.index("B") + 1)
            return self.node("Cast", [self.node("Expand", [one, many])], to=TensorProto.INT32)
        if kind < 0.11:
            return self.const([self.r.randint(1, steps) for _ in range(batch)], np.int32)
        return ""

    def state(self, directions, batch, units, layout):
        kind = self.r.random()
        shape = [batch, directions, units] if layout else [directions, batch, units]
        if kind < 0.6:
            return ""
        if kind < 0.7:
            return self.const(np.zeros(shape), np.float32)
        if kind < 0.8 and not layout:
            rows = self.np.standard_normal((directions, 1, units)).repeat(batch, 1)
            return self.const(rows, np.float32)
        if kind < 0.9 and not layout:
            many = self.slice(self.node("Shape", ["x"]), 0, self.order.index("B"), self.order.index("B") + 1)
            whole = self.node("Concat", [self.const([directions]), many, self.const([units])], axis=0)
            if self.maybe(0.5):
                return self.node("ConstantOfShape", [whole])
            return self.node("Expand", [self.weights(directions, 1, units), whole])
        if kind < 0.95 and not layout:
            name = self.name("h")
            self.extra_inputs.append((name, TensorProto.FLOAT, [directions, None, units]))
            self.feeds[name] = lambda b, d=directions, u=units: np.zeros((d, b, u), np.float32)
            return name
        return ""

    def lstm(self, keep_rows):
        layout = 1 if self.opset >= 14 and self.maybe(0.2) else 0
        self.bring("BTW" if layout else "TBW")
        steps, batch = (self.axes[1][1], self.axes[0][1]) if layout else (self.axes[0][1], self.axes[1][1])
        units, inputs = self.r.randint(1, 4), self.axes[2][1]
        direction = self.r.choice(["forward", "forward", "forward", "reverse", "bidirectional", "bidirectional"])
        d = 2 if direction == "bidirectional" else 1
        args = [self.cur, self.weights(d, 4 * units, inputs), self.weights(d, 4 * units, units)]
        args.append(self.weights(d, 8 * units) if self.maybe(0.8) else "")
        args += [self.given_lengths(steps, batch), self.state(d, batch, units, layout), self.state(d, batch, units, layout)]
        while args and args[-1] == "":
            args.pop()
        attributes = {"hidden_size": units, **({"direction": direction} if direction != "forward" or self.maybe(0.3) else {})}
        if self.maybe(0.1):
            case = self.r.choice([str, str.lower, str.upper])
            attributes["activations"] = [case(a) for a in ["Sigmoid", "Tanh", "Tanh"] * d]
        y, h, c = [self.name("v") for _ in range(3)]
        self.nodes.append(helper.make_node("LSTM", args, [y, h, c], name=f"LSTM_{self.count}", **attributes,
                                           **({"layout": layout} if layout else {})))
        if layout:  # onnxruntime has no layout 1
            t = self.name("t")
            self.twin += [helper.make_node("Transpose", [args[0]], [t], perm=[1, 0, 2]),
                          helper.make_node("LSTM", [t] + args[1:], [y + "t", h + "t", c + "t"], **attributes),
                          helper.make_node("Transpose", [y + "t"], [y], perm=[2, 0, 1, 3]),
                          helper.make_node("Transpose", [h + "t"], [h], perm=[1, 0, 2]),
                          helper.make_node("Transpose", [c + "t"], [c], perm=[1, 0, 2])]
        else:
            self.twin.append(self.nodes[-1])
        if self.maybe(0.1):
            self.outputs.append(h)
        if keep_rows or self.maybe(0.5):
            self.cur = y
            self.axes = [("B", batch), ("T", steps), ("P", d), ("W", units)] if layout else [("T", steps), ("P", d), ("B", batch), ("W", units)]
        else:
            self.cur = c if self.maybe(0.02) else h
            self.axes = [("B", batch), ("P", d), ("W", units)] if layout else [("P", d), ("B", batch), ("W", units)]
        if self.maybe(0.85):
            self.directions()

    def directions(self):
        """Directions side by side, one of them, or gone."""
        at = self.letters().index("P")
        if self.axes[at][1] == 1:
            if self.maybe(0.7):
                self.drop(at)
            else:
                self.reshape([a for a in self.axes if a[0] != "P"])
            return
        kind = self.r.random()
        if kind < 0.2:  # one of them
            self.cur = self.node("Gather", [self.cur, self.const(self.r.choice([0, 1, -1, -2]))], axis=at)
            del self.axes[at]
        elif kind < 0.3:
            self.cur = self.slice(self.cur, at, *self.r.choice([(0, 1), (1, 2), (-1, BIG)]))
            self.axes[at] = ("P", 1)
            self.drop(at)
        elif kind < 0.6:  # one by one, then side by side
            both = [self.node("Gather", [self.cur, self.const(n)], axis=at) for n in self.r.sample([0, 1], 2)]
            del self.axes[at]
            self.cur = self.node("Concat", both, axis=self.r.choice([len(self.axes) - 1, -1]) if self.opset >= 11 else len(self.axes) - 1)
            self.axes[-1] = ("W", 2 * self.axes[-1][1])
        else:
            if at != len(self.axes) - 2 and not self.maybe(0.05):
                self.transpose([n for n in range(len(self.axes)) if n not in (at, len(self.axes) - 1)] + [at, len(self.axes) - 1])
            rest = [a for a in self.axes if a[0] not in "PW"]
            width = self.axes[-1][1] * 2
            self.reshape(rest + [("W", width)])

    def dense(self):
        inputs, units = self.axes[-1][1], self.r.randint(1, 4)
        bias = self.r.random()
        if len(self.axes) == 2 and self.maybe(0.6):
            turned = self.maybe(0.5)
            w = self.weights(units, inputs) if turned else self.weights(inputs, units)
            args = [self.cur, w] + ([self.weights(units)] if bias < 0.7 or self.opset < 11 else [])
            self.cur = self.node("Gemm", args, transB=int(turned), **({"alpha": 0.5, "beta": 2.0} if self.maybe(0.2) else {}))
        else:
            self.cur = self.node("MatMul", [self.cur, self.weights(inputs, units)])
            if bias < 0.6:
                shape = self.r.choice([[units], [units], [1, units], [1]])
                pair = [self.cur, self.weights(*shape)]
                self.r.shuffle(pair)
                self.cur = self.node("Add", pair)
        self.axes[-1] = ("W", units)
        if self.maybe(0.3):
            self.cur = self.node("Relu", [self.cur])

    def finish(self):
        """Heads: the last row perhaps, dense layers, an activation, and how it is laid out at the end."""
        if "T" in self.letters() and self.maybe(0.45):
            self.take_step()
        for _ in range(self.r.choice([0, 1, 1, 2])):
            if self.letters()[-1:] == "W" or self.maybe(self.wild):
                self.dense()
            if self.maybe(0.2):
                self.move()
        end = self.r.random()
        if end < 0.2 and self.axes:
            axis = len(self.axes) - 1
            self.cur = self.node("Softmax", [self.cur], axis=-1 if self.maybe(0.5) else axis)
        elif end < 0.25 and self.axes:
            keep = self.maybe(0.5)
            self.cur = self.node("ArgMax", [self.cur], axis=len(self.axes) - 1, keepdims=int(keep))
            self.axes = self.axes[:-1] + ([("W", 1)] if keep else [])
        elif end < 0.4:
            self.cur = self.node("Sigmoid", [self.cur])
        if getattr(self, "turned", False) and "T" in self.letters() and self.maybe(0.85):
            self.turn()
        if self.maybe(0.2) and {"B", "T"} <= set(self.letters()) and set(self.letters()) <= set("BTW1"):
            self.bring("".join(self.order) + ("W" if "W" in self.letters() else ""))

    # --- whole ---
    def draw(self):
        if self.symbols:
            if self.maybe(0.3):
                self.cur = self.squeeze(self.cur, [2], "Unsqueeze")
                self.cur = self.squeeze(self.cur, [2])
            self.cur = self.node("Gather", [self.weights(5, self.width), self.cur])
            self.axes.append(("W", self.width))
        layers = self.r.choice([1, 1, 1, 2, 2, 3])
        for n in range(layers):
            for _ in range(self.r.choice([0, 0, 1, 2])):
                self.move()
            self.lstm(n + 1 < layers)
        for _ in range(self.r.choice([0, 0, 1, 2])):
            self.move()
        self.finish()
        self.outputs.insert(0, self.cur)

    def model(self, nodes):
        dims = [None if self.open[a] else self.size[a] for a in self.order]
        kind = TensorProto.INT64 if self.symbols else TensorProto.FLOAT
        inputs = [helper.make_tensor_value_info("x", kind, dims + ([] if self.symbols else [self.width]))]
        if any("lens" in n.input for n in nodes):
            inputs.append(helper.make_tensor_value_info("lens", TensorProto.INT32, [None]))
        inputs += [helper.make_tensor_value_info(*one) for one in self.extra_inputs]
        graph = helper.make_graph(nodes, "drawn", inputs, [helper.make_empty_tensor_value_info(o) for o in self.outputs],
                                  [numpy_helper.from_array(v, k) for k, v in self.consts.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        model.ir_version = 8
        return model

    def data(self, size):
        shape = [size[a] for a in self.order]
        x = self.np.integers(0, 5, shape) if self.symbols else self.np.standard_normal(shape + [self.width]).astype(np.float32)
        length = np.array([self.r.randint(1, size["T"]) for _ in range(size["B"])], np.int32)
        return x, length

    def run(self, session, size):
        x, length = self.data(size)
        feed = {"x": x, **{k: make(size["B"]) for k, make in self.feeds.items()}}
        if any(i.name == "lens" for i in session.get_inputs()):
            feed["lens"] = length
        y = session.run([self.outputs[0]], feed)[0]
        if y.size == 0 or (y.dtype == np.float32 and not np.isfinite(y).all()):
            raise Impossible
        return x, y, length if "lens" in feed else None


def make_one(folder, number, seed, at, name):
    """Draws until onnxruntime runs one; at: number and attempt, for who takes over when it ends the process."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    for attempt in range(at[1] + 1 if at[0] == number else 0, 1000):
        at[0], at[1] = number, attempt
        graph = Graph(seed, number * 1000 + attempt)
        try:
            graph.draw()
            session = onnxruntime.InferenceSession(graph.model(graph.twin).SerializeToString(), options, providers=["CPUExecutionProvider"])
            x, y, length = graph.run(session, graph.size)
        except Impossible:
            continue
        except Exception as why:  # onnxruntime has no kinder class of its own
            if os.environ.get("WHY"):
                print(number, attempt, str(why)[:300])
            continue
        arrays = {"x": x, "y": y, **({"len": length} if length is not None else {})}
        if any(graph.open.values()):
            more = {a: s + graph.r.randint(1, 3) if graph.open[a] else s for a, s in graph.size.items()}
            try:
                x, y, length = graph.run(session, more)
                arrays.update({"x2": x, "y2": y, **({"len2": length} if length is not None else {})})
            except Exception:
                pass
        path = os.path.join(folder, f"{name:05d}")
        onnx.save(graph.model(graph.nodes), path + ".onnx")
        np.savez(path + ".npz", **arrays)
        return


def make_all(folder, numbers, seed, at):
    for name in range(max(0, at[2]), len(numbers)):
        at[2] = name
        make_one(folder, numbers[name], seed, at, name)


def main():
    folder, count = sys.argv[1], sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    if count.isdigit():
        numbers = list(range(int(count)))
    else:
        with open(count, encoding="ascii") as file:
            numbers = [int(word) for line in file for word in line.split("#")[0].split()]
    os.makedirs(folder, exist_ok=True)
    print(f"seed {seed}", flush=True)
    at = multiprocessing.Array("q", [-1, -1, 0])
    work = None
    while work is None or work.exitcode != 0:  # a graph can end onnxruntime; the next one is drawn then
        work = multiprocessing.Process(target=make_all, args=(folder, numbers, seed, at))
        work.start()
        work.join()
        if work.exitcode > 0:
            sys.exit(work.exitcode)


if __name__ == "__main__":
    main()
